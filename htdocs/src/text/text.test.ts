import { expect, test } from 'vitest';
import { byDay } from './day';
import { spokenUpTo } from './sentences';

test('sessions are grouped under the day they were last used', () => {
  const now = new Date(2026, 5, 15, 9);
  const at = (...time: [number, number, number, number]) => ({ updateTime: new Date(...time).toISOString() });
  const items = [at(2026, 5, 15, 0), at(2026, 5, 14, 23), at(2026, 5, 10, 9), at(2026, 4, 20, 9), at(2025, 11, 1, 9)];
  expect(byDay(items, now).map(([day]) => day)).toEqual([
    'Today', 'Yesterday', 'Previous 7 days', 'Previous 30 days', 'December 2025',
  ]);
});

test('a growing text is read out in whole sentences', () => {
  expect(spokenUpTo('It is', 0)).toBe(0);
  expect(spokenUpTo('It is. And', 0)).toBe(7);
  expect(spokenUpTo('It is. And 3.5 more', 7)).toBe(7);
  expect(spokenUpTo('It is. And 3.5 more.\nThen', 7)).toBe(21);
});
