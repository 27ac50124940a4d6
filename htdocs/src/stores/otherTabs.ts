/** What tabs of the same browser tell one another: in which session something has begun. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lamplight');

export function tellOtherTabs(sessionId: string): void {
  channel?.postMessage(sessionId);
}

export function whenOtherTabStarts(listener: (sessionId: string) => void): void {
  channel?.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') listener(data);
  });
}
