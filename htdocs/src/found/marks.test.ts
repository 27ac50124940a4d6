import { expect, test } from 'vitest';
import { markWords } from './marks';

const marked = (text: string, query: string): string =>
  markWords(text, query).map((piece) => (piece.marked ? `[${piece.text}]` : piece.text)).join('');

test.each([
  ['The lamp and the Lamplight, clamped', 'LAMP', 'The [lamp] and the [Lamp]light, c[lamp]ed'],
  ['Is nginx ready?', 'ginx', 'Is n[ginx] ready?'],
  ['an anchor, than', 'an', '[an] [an]chor, than'],
  ['Der Café-Besitzer, cafe\u0301s', 'CAFE', 'Der [Café]-Besitzer, [cafe\u0301]s'],
  ['Straßenbahn', 'strassen', '[Straßen]bahn'],
  ['a😀bc abc', 'bc', 'a😀[bc] abc'],
  ['red and blue', 'blue r', '[r]ed and [blue]'],
  ['今天天气很好', '天气', '今天[天气]很好'],
  ['a+b (c)', '+(', 'a+b (c)'],
  ['C++ and more', 'c++', '[C]++ and more'],
])('in %j, %j is marked as %j', (text, query, shown) => {
  expect(marked(text, query)).toBe(shown);
});
