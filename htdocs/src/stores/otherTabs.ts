import type { Rating } from '../api/messages';

/**
 * What has happened to a session, or beside all of them: something has begun in it or is changed; a reply of it is rated; it is asked otherwise from now on;
 * the files that wait at a place (stores/attachments.ts, in place of a session's id) are others.
 */
export type News = { kind: 'chat' | 'choice' | 'instructions' | 'prompts' | 'assistants' | 'files' } | { kind: 'rating'; messageId: string; rating: Rating | null };

/** What tabs of the same browser tell one another. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lamplight');

export function tellOtherTabs(sessionId: string, news: News = { kind: 'chat' }): void {
  channel?.postMessage({ ...news, sessionId });
}

export function whenOtherTabActs(listener: (sessionId: string, news: News) => void): void {
  channel?.addEventListener('message', ({ data }) => {
    if (typeof data?.sessionId === 'string') listener(data.sessionId as string, data as News);
  });
}
