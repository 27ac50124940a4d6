import { beforeEach, expect, test } from 'vitest';
import type { Session } from '../api/sessions';
import { useSessionStore } from './sessions';

const session = (id: string, title = id): Session => ({ id, title, createTime: '', updateTime: '', status: 'idle', pinned: false, archived: false });
const store = useSessionStore.getState;

beforeEach(() => useSessionStore.setState({ sessionList: [], currentSessionId: null }));

test('the store has exactly the agreed members', () => {
  expect(Object.keys(store()).sort()).toEqual([
    'addSession', 'clearCurrent', 'currentSessionId', 'sessionList', 'setCurrentSession', 'setSessionList',
  ]);
});

test('an added session comes first, and once', () => {
  store().setSessionList([session('1'), session('2')]);
  store().addSession(session('3'));
  store().addSession(session('2', 'again'));
  expect(store().sessionList.map(({ id, title }) => [id, title])).toEqual([['2', 'again'], ['3', '3'], ['1', '1']]);
});

test('clearing the current session leaves the list', () => {
  store().setSessionList([session('1')]);
  store().setCurrentSession('1');
  store().clearCurrent();
  expect(store().currentSessionId).toBeNull();
  expect(store().sessionList).toHaveLength(1);
});
