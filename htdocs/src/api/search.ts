import { call } from './http';

export interface Hit {
  sessionId: string;
  title: string;
  /** null: the title matches. */
  messageId: string | null;
  snippet: string;
  updateTime: string;
}

/** The longest text the server searches for. */
export const longestQuery = 200;

export async function search(text: string, signal: AbortSignal): Promise<Hit[]> {
  return (await (await call('POST', 'ai/search', { q: text, limit: 50 }, { signal })).json()) as Hit[];
}
