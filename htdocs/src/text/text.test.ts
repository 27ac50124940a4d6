import { expect, test } from 'vitest';
import { spokenUpTo } from './sentences';

test('a growing text is read out in whole sentences', () => {
  expect(spokenUpTo('It is', 0)).toBe(0);
  expect(spokenUpTo('It is. And', 0)).toBe(7);
  expect(spokenUpTo('It is. And 3.5 more', 7)).toBe(7);
  expect(spokenUpTo('It is. And 3.5 more.\nThen', 7)).toBe(21);
});
