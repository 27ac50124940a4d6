/** Fills the session list from the API, page by page, and keeps it up to date. */
import { create } from 'zustand';
import { changeSession, readSession, readSessions, type Session, type SessionChange } from '../api/sessions';
import { tellOtherTabs } from './otherTabs';
import { useSessionStore } from './sessions';

interface SessionPages {
  phase: 'loading' | 'ready' | 'failed';
  problem: unknown;
  /** The query of the page after the last one that was read. */
  more: string | null;
  /** The open session if it is not in the list: it is archived, or further down than the list was read. */
  elsewhere: Session | null;
}

const initial: SessionPages = { phase: 'loading', problem: null, more: null, elsewhere: null };

export const useSessionPages = create<SessionPages>()(() => initial);

/** Counts the users, so that an answer for an earlier one is dropped. */
let owner = 0;

export function forgetSessions(): void {
  owner++;
  useSessionPages.setState(initial, true);
  useSessionStore.getState().setSessionList([]);
}

let reading: Promise<void> | null = null;
let asked = 0;

/** Reads the pinned sessions and the newest page again; sessions from later pages stay. */
export function refreshSessions(): Promise<void> {
  asked++;
  reading ??= readUntilFresh().finally(() => {
    reading = null;
  });
  return reading;
}

/** A caller that asks during a read wants the present state, not the earlier one. */
async function readUntilFresh(): Promise<void> {
  let answered: number;
  do {
    answered = asked;
    await (useSessionPages.getState().phase === 'ready' ? readNewest().catch(keepList) : reportingProblems(readNewest));
  } while (answered !== asked);
}

/** An existing list is merely not the newest; the reader's next action will show that the server is away. */
function keepList(): void {}

async function readNewest(): Promise<void> {
  const reader = owner;
  const before = useSessionStore.getState().sessionList;
  const [pinned, recent] = await Promise.all([readPinned(), readSessions('recent')]);
  if (reader !== owner) return;
  const { sessionList, setSessionList } = useSessionStore.getState();
  if (sessionList !== before) {
    // A reply has begun, or a session was created or changed: what was read may be older.
    asked++;
    return;
  }
  const older = recent.more === null ? [] : olderThan(recent.items, sessionList);
  setSessionList(inOrder([...pinned, ...recent.items, ...older]));
  useSessionPages.setState(({ more }) => ({ phase: 'ready', problem: null, more: older.length > 0 ? more : recent.more }));
  await findCurrent();
}

async function readPinned(): Promise<Session[]> {
  const sessions: Session[] = [];
  let page = await readSessions('pinned');
  sessions.push(...page.items);
  while (page.more !== null) {
    page = await readSessions('pinned', page.more);
    sessions.push(...page.items);
  }
  return sessions;
}

let readingMore: Promise<void> | null = null;

export function readMoreSessions(): Promise<void> {
  readingMore ??= reportingProblems(readNextPage).finally(() => {
    readingMore = null;
  });
  return readingMore;
}

async function readNextPage(): Promise<void> {
  const { more } = useSessionPages.getState();
  const reader = owner;
  if (more === null) return;
  const page = await readSessions('recent', more);
  if (reader !== owner) return;
  const { sessionList, setSessionList } = useSessionStore.getState();
  setSessionList(inOrder([...sessionList, ...page.items]));
  useSessionPages.setState({ phase: 'ready', problem: null, more: page.more });
}

async function reportingProblems(read: () => Promise<void>): Promise<void> {
  const reader = owner;
  try {
    await read();
  } catch (problem) {
    if (reader === owner) useSessionPages.setState({ phase: 'failed', problem });
  }
}

/** Reads the open session separately if the list does not have it. */
export async function findCurrent(): Promise<void> {
  const { currentSessionId, sessionList } = useSessionStore.getState();
  if (currentSessionId === null || sessionList.some(({ id }) => id === currentSessionId)) {
    useSessionPages.setState({ elsewhere: null });
    return;
  }
  // If it cannot be read, the error is shown in place of its messages.
  const elsewhere = await readSession(currentSessionId).catch(() => null);
  if (useSessionStore.getState().currentSessionId === currentSessionId) useSessionPages.setState({ elsewhere });
}

/** Shown at once, and reverted if the server refuses. */
export async function change(session: Session, wish: SessionChange): Promise<void> {
  place({ ...session, ...wish, ...(wish.archived !== undefined && { temporary: false }) });
  try {
    place(await changeSession(session.id, wish));
  } catch (error) {
    place(session);
    throw error;
  } finally {
    tellOtherTabs(session.id);
    void refreshSessions();
  }
}

/**
 * A reply is being written: its session is first now, by the server's clock, whatever this browser's clock says. The next read of the list has the
 * time.
 */
export function replyStarted(sessionId: string): void {
  const { sessionList } = useSessionStore.getState();
  const session = sessionList.find(({ id }) => id === sessionId);
  if (session === undefined) return;
  const newest = sessionList.reduce((latest, { updateTime }) => (updateTime > latest ? updateTime : latest), session.updateTime);
  const first = sessionList[0]?.id === sessionId;
  place({ ...session, status: 'streaming', updateTime: first ? session.updateTime : new Date(Date.parse(newest) + 1).toISOString() });
}

/** Puts a session where it belongs now: into the list, or out of it if it is archived or temporary. */
export function place(session: Session): void {
  const { sessionList, setSessionList, currentSessionId } = useSessionStore.getState();
  const others = sessionList.filter(({ id }) => id !== session.id);
  const away = session.archived || session.temporary === true;
  setSessionList(away ? others : inOrder([session, ...others]));
  if (currentSessionId === session.id) useSessionPages.setState({ elsewhere: away ? session : null });
}

/** By last use, newest first; of two with the same id the first one counts. */
function inOrder(sessions: Session[]): Session[] {
  const byId = new Map<string, Session>();
  for (const session of sessions) if (!byId.has(session.id)) byId.set(session.id, session);
  return [...byId.values()].sort((a, b) => compare(b.updateTime, a.updateTime) || compareIds(b.id, a.id));
}

function olderThan(newest: Session[], sessions: Session[]): Session[] {
  const last = newest.at(-1);
  if (last === undefined) return [];
  return sessions.filter(({ pinned, updateTime }) => !pinned && updateTime <= last.updateTime);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareIds(a: string, b: string): number {
  return a.length - b.length || compare(a, b);
}
