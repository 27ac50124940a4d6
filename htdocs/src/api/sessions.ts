import type { ChatAssistant } from './assistants';
import { call, readPage, type Page } from './http';
import type { ChatOptions } from './models';

export interface Session {
  id: string;
  title: string;
  createTime: string;
  updateTime: string;
  status: 'idle' | 'streaming';
  /** The last reply waits for a person's approval. */
  asking?: boolean;
  pinned: boolean;
  archived: boolean;
  /** It is in no list, and deleted after a while, unless `archived` is set to true or false. */
  temporary?: boolean;
  /** The model that the session asks, and how; null: the default. Absent in lists. */
  model?: string | null;
  options?: ChatOptions | null;
  /** The assistant that it began with. */
  assistant?: ChatAssistant | null;
}

export type SessionChange = Partial<Pick<Session, 'title' | 'pinned' | 'archived' | 'model' | 'options'>>;

/** The sessions that a list holds: pinned, recent, or archived. */
type Shelf = 'pinned' | 'recent' | 'archived';

const firstPages: Record<Shelf, string> = {
  pinned: '?pinned=true&limit=100',
  recent: '?pinned=false&limit=50',
  archived: '?archived=true&limit=50',
};

/** The user's sessions, most recently used first. `query` is `more` of the previous page. */
export function readSessions(shelf: Shelf, query: string = firstPages[shelf]): Promise<Page<Session>> {
  return readPage<Session>(`ai/sessions${query}`, 'next');
}

export async function readSession(id: string): Promise<Session> {
  return (await (await call('GET', `ai/sessions/${id}`)).json()) as Session;
}

export async function changeSession(id: string, change: SessionChange): Promise<Session> {
  return (await (await call('PATCH', `ai/sessions/${id}`, change)).json()) as Session;
}

/** All of them or none; at most 100. */
export async function deleteSessions(ids: string[]): Promise<void> {
  const [first, ...others] = ids;
  if (first !== undefined && others.length === 0) await call('DELETE', `ai/sessions/${first}`);
  else await call('DELETE', 'ai/sessions', { sessionIds: ids });
}

/** Does the same while the page is being left, without waiting for the answer. */
export function deleteSessionsOnLeaving(ids: string[]): void {
  void call('DELETE', 'ai/sessions', { sessionIds: ids }, { keepalive: true }).catch(() => undefined);
}
