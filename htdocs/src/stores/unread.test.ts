import { beforeEach, expect, test } from 'vitest';
import type { Session } from '../api/sessions';
import { isUnread, markSeen, useSeen, withTime } from './unread';

const session = (id: string, minute: number, status: Session['status'] = 'idle'): Session => ({
  id, title: id, createTime: '', updateTime: new Date(2026, 0, 1, 0, minute).toISOString(), status, pinned: false, archived: false,
});
const unread = (one: Session): boolean => isUnread(useSeen.getState().seen['ada'], one);

beforeEach(() => useSeen.setState({ seen: {} }));

test('what was there on the first visit is not news, what changes later is', () => {
  markSeen('ada', [session('1', 5), session('2', 3)], null);
  expect(unread(session('1', 5))).toBe(false);
  expect(unread(session('2', 6))).toBe(true);
  expect(unread(session('2', 6, 'streaming'))).toBe(false);
});

test('the session on screen is read', () => {
  markSeen('ada', [session('1', 5)], null);
  markSeen('ada', [session('1', 7), session('2', 6)], '1');
  expect(unread(session('1', 7))).toBe(false);
  expect(unread(session('2', 6))).toBe(true);
});

test('users do not see for one another', () => {
  markSeen('eve', [session('1', 9)], null);
  expect(unread(session('1', 9))).toBe(false);
  markSeen('ada', [session('2', 1)], null);
  expect(unread(session('1', 9))).toBe(true);
});

test('of very many sessions the oldest are forgotten, and count as read', () => {
  let seen = { since: session('', 0).updateTime, times: {} };
  for (let minute = 1; minute <= 500; minute++) seen = withTime(seen, session(`${minute}`, minute));
  expect(Object.keys(seen.times)).toHaveLength(400);
  expect(isUnread(seen, session('1', 1))).toBe(false);
  expect(isUnread(seen, session('500', 501))).toBe(true);
});
