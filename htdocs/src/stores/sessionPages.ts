/** Fills the session list from the API, page by page, and keeps it true. */
import { create } from 'zustand';
import { deleteSession, readSessions, renameSession, type Session } from '../api/sessions';
import { useSessionStore } from './sessions';

export interface SessionPages {
  phase: 'loading' | 'ready' | 'failed';
  problem: unknown;
  /** The query of the page after the last one that was read. */
  more: string | null;
}

const initial: SessionPages = { phase: 'loading', problem: null, more: null };

export const useSessionPages = create<SessionPages>()(() => initial);

export function forgetSessions(): void {
  useSessionPages.setState(initial);
  useSessionStore.getState().setSessionList([]);
}

/** Reads the newest page again; sessions from later pages stay. */
export async function refreshSessions(): Promise<void> {
  try {
    const page = await readSessions();
    const { sessionList, setSessionList } = useSessionStore.getState();
    const rest = page.more === null ? [] : olderThan(page.items, sessionList);
    setSessionList([...page.items, ...rest]);
    useSessionPages.setState(({ more }) => ({ phase: 'ready', problem: null, more: rest.length > 0 ? more : page.more }));
  } catch (problem) {
    useSessionPages.setState({ phase: 'failed', problem });
  }
}

export async function readMoreSessions(): Promise<void> {
  const { more } = useSessionPages.getState();
  if (more === null) return;
  try {
    const page = await readSessions(more);
    const { sessionList, setSessionList } = useSessionStore.getState();
    const known = new Set(sessionList.map(({ id }) => id));
    setSessionList([...sessionList, ...page.items.filter(({ id }) => !known.has(id))]);
    useSessionPages.setState({ phase: 'ready', problem: null, more: page.more });
  } catch (problem) {
    useSessionPages.setState({ phase: 'failed', problem });
  }
}

export async function rename(id: string, title: string): Promise<void> {
  const renamed = await renameSession(id, title);
  const { sessionList, setSessionList } = useSessionStore.getState();
  setSessionList(sessionList.map((session) => (session.id === id ? renamed : session)));
}

export async function remove(id: string): Promise<void> {
  await deleteSession(id);
  const { sessionList, setSessionList, currentSessionId, clearCurrent } = useSessionStore.getState();
  setSessionList(sessionList.filter((session) => session.id !== id));
  if (currentSessionId === id) clearCurrent();
}

function olderThan(newest: Session[], sessions: Session[]): Session[] {
  const last = newest.at(-1);
  if (last === undefined) return [];
  const known = new Set(newest.map(({ id }) => id));
  return sessions.filter(({ id, updateTime }) => !known.has(id) && updateTime <= last.updateTime);
}
