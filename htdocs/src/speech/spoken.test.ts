import { expect, test } from 'vitest';
import { spokenText } from './spoken';

const read = (text: string): string => spokenText(text, { code: 'Code.', formula: 'formula' }).trim();

test.each([
  ['# A heading\n\nSome **bold** and *slanted* and ~~no~~ words.', 'A heading\nSome bold and slanted and no words.'],
  ['Use `Vec<T>` with [a link](https://example.org "title").', 'Use Vec<T> with a link.'],
  ['- one\n- [x] two\n  * three\n\n1. four', 'one\ntwo\nthree\n1. four'],
  ['> quoted\n> > twice', 'quoted\ntwice'],
  ['Before:\n\n```js\nlet **a** = $x$;\n```\n\nAfter.', 'Before:\nCode.\nAfter.'],
  ['Before:\n\n```js\nlet a', 'Before:\nCode.'],
  ['So \\(a^2\\) and $x_1$ hold:\n\n$$\n\\frac{1}{2}\n$$', 'So formula and formula hold:\nformula'],
  ['It costs $5 and $10.', 'It costs $5 and $10.'],
  ['| planet | moons |\n|---|---:|\n| Earth | 1 |', 'planet, moons\nEarth, 1'],
  ['snake_case and 2 * 3, a \\* b', 'snake_case and 2 3, a * b'],
  ['Fact[^1]. H<sub>2</sub>O', 'Fact. H2O'],
])('%j is read as %j', (text, words) => {
  expect(read(text).replace(/\n+/g, '\n').replace(/ +/g, ' ').replace(/ ?\n ?/g, '\n')).toBe(words);
});
