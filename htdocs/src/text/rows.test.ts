import { expect, test } from 'vitest';
import type { Session } from '../api/sessions';
import { dayOf } from './day';
import { byHeading, rowsOf } from './rows';

const now = new Date(2026, 5, 15, 9);
const session = (id: string, time: Date, pinned = false): Session => ({
  id, title: id, createTime: '', updateTime: time.toISOString(), status: 'idle', pinned, archived: false,
});

test.each([
  [new Date(2026, 5, 15, 0), 'Today'],
  [new Date(2026, 5, 14, 23), 'Yesterday'],
  [new Date(2026, 5, 10, 9), 'Previous 7 days'],
  [new Date(2026, 4, 20, 9), 'Previous 30 days'],
  [new Date(2025, 11, 1, 9), 'December 2025'],
])('%s is listed under %s', (time, heading) => {
  expect(dayOf(time, now)).toBe(heading);
});

test('pinned sessions come first, then the others by day, each group with its heading', () => {
  const today = new Date(2026, 5, 15, 8);
  const sessions = [session('a', today), session('b', today), session('c', new Date(2026, 5, 14), true), session('d', new Date(2026, 5, 14))];
  const rows = rowsOf(sessions, now);
  expect(rows.map((row) => row.session?.id ?? row.heading)).toEqual(['Pinned', 'c', 'Today', 'a', 'b', 'Yesterday', 'd']);
  expect(byHeading(rows).map(([heading, group]) => [heading, group.length])).toEqual([['Pinned', 2], ['Today', 3], ['Yesterday', 2]]);
});
