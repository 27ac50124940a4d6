import { expect, test } from 'vitest';
import { spokenUpTo } from './sentences';

test('a growing text is read out in whole sentences', () => {
  expect(spokenUpTo('It is', 0)).toBe(0);
  expect(spokenUpTo('It is. And', 0)).toBe(7);
  expect(spokenUpTo('It is. And 3.5 more', 7)).toBe(7);
  expect(spokenUpTo('It is. And 3.5 more.\nThen', 7)).toBe(21);
});

test('sentences that no blank follows are sentences, too', () => {
  expect(spokenUpTo('灯亮了。它', 0)).toBe(4);
  expect(spokenUpTo('他说：“灯亮了。”它', 0)).toBe(9);
  expect(spokenUpTo('真的吗？！是', 0)).toBe(5);
});
