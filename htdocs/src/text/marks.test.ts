import { expect, test } from 'vitest';
import { markWords } from './marks';

const marked = (text: string, query: string): string =>
  markWords(text, query).map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join('');

test.each([
  ['The lamp and the Lamplight, clamped', 'LAMP', 'The [lamp] and the [Lamp]light, clamped'],
  ['red and blue', 'blue r', '[r]ed and [blue]'],
  ['今天天气很好', '天气', '今天[天气]很好'],
  ['a+b (c)', '+(', 'a+b (c)'],
  ['C++ and more', 'c++', '[C]++ and more'],
])('in %j, %j is marked as %j', (text, query, shown) => {
  expect(marked(text, query)).toBe(shown);
});
