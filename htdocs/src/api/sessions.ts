import { call, readPage, type Page } from './http';

export interface Session {
  id: string;
  title: string;
  createTime: string;
  updateTime: string;
  status: 'idle' | 'streaming';
}

const firstPage = '?limit=50';

/** The caller's sessions, most recently used first. `query` is the `more` of the page before. */
export function readSessions(query: string = firstPage): Promise<Page<Session>> {
  return readPage<Session>(`ai/sessions${query}`, 'next');
}

export async function readSession(id: string): Promise<Session> {
  return (await (await call('GET', `ai/sessions/${id}`)).json()) as Session;
}

export async function renameSession(id: string, title: string): Promise<Session> {
  return (await (await call('PATCH', `ai/sessions/${id}`, { title })).json()) as Session;
}

export async function deleteSession(id: string): Promise<void> {
  await call('DELETE', `ai/sessions/${id}`);
}
