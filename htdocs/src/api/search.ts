import { call } from './http';

export interface Hit {
  sessionId: string;
  title: string;
  /** null: the title itself was found. */
  messageId: string | null;
  snippet: string;
  updateTime: string;
}

/** The longest text the server searches for. */
export const longestQuery = 200;

export async function search(text: string, signal: AbortSignal): Promise<Hit[]> {
  const query = new URLSearchParams({ q: text, limit: '50' });
  return (await (await call('GET', `ai/search?${query}`, undefined, { signal })).json()) as Hit[];
}
