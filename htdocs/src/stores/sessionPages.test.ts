import { beforeEach, expect, test, vi } from 'vitest';
import { changeSession, readSession, readSessions, type Session } from '../api/sessions';
import { change, findCurrent, forgetSessions, readMoreSessions, refreshSessions, replyStarted, useSessionPages } from './sessionPages';
import { useSessionStore } from './sessions';

vi.mock('../api/sessions', () => ({ readSessions: vi.fn(), readSession: vi.fn(), changeSession: vi.fn() }));

const session = (id: string, minute: number, more: Partial<Session> = {}): Session => ({
  id, title: id, createTime: '', updateTime: new Date(2026, 0, 1, 0, minute).toISOString(), status: 'idle', pinned: false, archived: false, ...more,
});
const listed = (): string[] => useSessionStore.getState().sessionList.map(({ id }) => id);

/** The server's data, in pages of two. */
let server: Session[];

beforeEach(() => {
  forgetSessions();
  useSessionStore.setState({ currentSessionId: null });
  server = [session('1', 1), session('2', 2), session('3', 3), session('4', 4), session('5', 5, { pinned: true })];
  vi.mocked(readSessions).mockImplementation((shelf, query = '0') => {
    const all = server.filter(({ pinned }) => pinned === (shelf === 'pinned')).sort((a, b) => (a.updateTime < b.updateTime ? 1 : -1));
    const from = Number(query);
    return Promise.resolve({ items: all.slice(from, from + 2), more: from + 2 < all.length ? String(from + 2) : null });
  });
  vi.mocked(changeSession).mockImplementation((id, wish) => {
    server = server.map((one) => (one.id === id ? { ...one, ...wish } : one));
    const changed = server.find((one) => one.id === id);
    return changed === undefined ? Promise.reject(new Error('gone')) : Promise.resolve(changed);
  });
});

test('pages are joined in the order of last use', async () => {
  await refreshSessions();
  expect(listed()).toEqual(['5', '4', '3']);
  await readMoreSessions();
  expect(listed()).toEqual(['5', '4', '3', '2', '1']);
  expect(useSessionPages.getState().more).toBeNull();
});

test('a refresh moves what was used, and keeps the pages that were read', async () => {
  await refreshSessions();
  await readMoreSessions();
  server = server.map((one) => (one.id === '1' ? session('1', 9) : one));
  await refreshSessions();
  expect(listed()).toEqual(['1', '5', '4', '3', '2']);
});

test('who asks during a read gets what is true after it', async () => {
  const first = refreshSessions();
  server = [...server, session('6', 6)];
  await Promise.all([first, refreshSessions()]);
  expect(listed()[0]).toBe('6');
});

test.each<[string, () => void]>([
  ['a reply that began', () => replyStarted('3')],
  ['a session that was made', () => useSessionStore.getState().addSession(session('3', 9, { status: 'streaming' }))],
])('a read from before does not take back %s', async (_, begin) => {
  await refreshSessions();
  const seen: (string | undefined)[] = [];
  const reading = refreshSessions();
  server = server.map((one) => (one.id === '3' ? session('3', 9, { status: 'streaming' }) : one));
  begin();
  const stop = useSessionStore.subscribe(({ sessionList }) => seen.push(sessionList.find(({ id }) => id === '3')?.status));
  await reading;
  stop();
  expect(listed()[0]).toBe('3');
  expect(seen).toEqual(['streaming']);
});

test('an answer for the user before is dropped', async () => {
  const reading = refreshSessions();
  forgetSessions();
  await reading;
  expect(listed()).toEqual([]);
});

test('a change is shown at once and taken back when it is refused', async () => {
  await refreshSessions();
  vi.mocked(changeSession).mockRejectedValueOnce(new Error('No.'));
  const refused = change(session('4', 4), { title: 'new' });
  expect(useSessionStore.getState().sessionList.find(({ id }) => id === '4')?.title).toBe('new');
  await expect(refused).rejects.toThrow('No.');
  expect(useSessionStore.getState().sessionList.find(({ id }) => id === '4')?.title).toBe('4');
});

test('an archived session leaves the list; when it is open, it is still known', async () => {
  await refreshSessions();
  useSessionStore.getState().setCurrentSession('4');
  vi.mocked(readSession).mockImplementation((id) => Promise.resolve(session(id, 4, { archived: true })));
  await change(session('4', 4), { archived: true });
  expect(listed()).not.toContain('4');
  expect(useSessionPages.getState().elsewhere?.archived).toBe(true);
});

test('the open session is read by itself when it is further down than the list', async () => {
  await refreshSessions();
  vi.mocked(readSession).mockImplementation((id) => Promise.resolve(session(id, 1)));
  useSessionStore.getState().setCurrentSession('1');
  await findCurrent();
  expect(useSessionPages.getState().elsewhere?.id).toBe('1');
});

test('a list that cannot be read is told; one that cannot be read again stays as it is', async () => {
  const away = new Error('away');
  vi.mocked(readSessions).mockRejectedValueOnce(away);
  await refreshSessions();
  expect(useSessionPages.getState()).toMatchObject({ phase: 'failed', problem: away });
  await refreshSessions();
  vi.mocked(readSessions).mockRejectedValueOnce(away);
  await refreshSessions();
  expect(useSessionPages.getState()).toMatchObject({ phase: 'ready', problem: null });
  expect(listed()).toEqual(['5', '4', '3']);
});
