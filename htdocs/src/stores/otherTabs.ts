import type { Rating } from '../api/messages';

/**
 * What has happened to a session, or in general: something has begun in it or has changed; a reply was rated; its model or options have changed; the
 * files at a place (stores/attachments.ts, instead of a session's id) have changed.
 */
export type News = { kind: 'chat' | 'choice' | 'instructions' | 'prompts' | 'assistants' | 'files' } | { kind: 'rating'; messageId: string; rating: Rating | null };

/** Messages between the tabs of one browser. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lamplight');

export function tellOtherTabs(sessionId: string, news: News = { kind: 'chat' }): void {
  channel?.postMessage({ ...news, sessionId });
}

export function whenOtherTabActs(listener: (sessionId: string, news: News) => void): void {
  channel?.addEventListener('message', ({ data }) => {
    if (typeof data?.sessionId === 'string') listener(data.sessionId as string, data as News);
  });
}
