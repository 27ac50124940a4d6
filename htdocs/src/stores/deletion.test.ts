import { beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/problem';
import { deleteSessions, deleteSessionsOnLeaving, type Session } from '../api/sessions';
import { finishDeletions, finishDeletionsOnLeaving, finishNoted, startDeletion, useDeletion, withoutDeleted } from './deletion';
import { useSessionStore } from './sessions';

vi.mock('../api/sessions', () => ({ deleteSessions: vi.fn(() => Promise.resolve()), deleteSessionsOnLeaving: vi.fn() }));

const session = (id: string): Session => ({ id, title: id, createTime: '', updateTime: '', status: 'idle', pinned: false, archived: false });
const shown = (): string[] => withoutDeleted(useSessionStore.getState().sessionList, useDeletion.getState().hidden).map(({ id }) => id);

beforeEach(() => {
  localStorage.clear();
  vi.clearAllMocks();
  useDeletion.setState({ hidden: new Set() });
  useSessionStore.setState({ sessionList: ['1', '2', '3'].map(session), currentSessionId: null });
});

test('a deleted session is gone at once, and at the server when it is finished', async () => {
  const deletion = startDeletion(['1', '3']);
  expect(shown()).toEqual(['2']);
  expect(deleteSessions).not.toHaveBeenCalled();
  await deletion.finish();
  expect(deleteSessions).toHaveBeenCalledExactlyOnceWith(['1', '3']);
  deletion.undo();
  expect(shown()).toEqual(['2']);
});

test('undo brings it back, open as it was, and the server never hears of it', async () => {
  useSessionStore.getState().setCurrentSession('2');
  const deletion = startDeletion(['2']);
  expect(useSessionStore.getState().currentSessionId).toBeNull();
  deletion.undo();
  await deletion.finish();
  expect(shown()).toEqual(['1', '2', '3']);
  expect(useSessionStore.getState().currentSessionId).toBe('2');
  expect(deleteSessions).not.toHaveBeenCalled();
});

test('refused: all are shown again', async () => {
  vi.mocked(deleteSessions).mockRejectedValueOnce(new ApiError(503, '', 'No.'));
  await expect(startDeletion(['1', '2']).finish()).rejects.toThrow('No.');
  expect(shown()).toEqual(['1', '2', '3']);
});

test('one that is gone already is deleted', async () => {
  vi.mocked(deleteSessions).mockRejectedValueOnce(new ApiError(404, '', 'Not there.'));
  await startDeletion(['1']).finish();
  expect(shown()).toEqual(['2', '3']);
});

test('leaving the page and logging out finish what can still be undone', async () => {
  startDeletion(['1']);
  await finishDeletions();
  expect(deleteSessions).toHaveBeenCalledExactlyOnceWith(['1']);
  startDeletion(['2']);
  finishDeletionsOnLeaving('7');
  expect(deleteSessionsOnLeaving).toHaveBeenCalledExactlyOnceWith(['2']);
});

test('what the server may not have heard of on leaving is deleted at the next visit of the same user, and not shown before', async () => {
  const ids = Array.from({ length: 103 }, (_, n) => String(n + 1));
  startDeletion(ids);
  finishDeletionsOnLeaving('7');
  useDeletion.setState({ hidden: new Set() }); // another page
  await finishNoted('8');
  expect(deleteSessions).not.toHaveBeenCalled();
  vi.mocked(deleteSessions).mockRejectedValueOnce(new ApiError(503, '', 'No.'));
  await finishNoted('7');
  expect(shown()).toEqual([]);
  vi.mocked(deleteSessions).mockClear().mockRejectedValueOnce(new ApiError(404, '', 'Not there.'));
  await finishNoted('7');
  expect(vi.mocked(deleteSessions).mock.calls.map(([some]) => some.length)).toEqual([100, 3]);
  await finishNoted('7');
  expect(deleteSessions).toHaveBeenCalledTimes(2);
  expect(localStorage.getItem('lamplight.deleted/7')).toBeNull();
});
