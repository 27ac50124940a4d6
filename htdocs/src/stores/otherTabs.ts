/** What tabs of the same browser tell one another: the session in which something has begun, or that is changed. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lamplight');

export function tellOtherTabs(sessionId: string): void {
  channel?.postMessage(sessionId);
}

export function whenOtherTabActs(listener: (sessionId: string) => void): void {
  channel?.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') listener(data);
  });
}
