import { expect, test } from 'vitest';
import { fieldsOf, filledIn, piecesOf } from './variables';

const known = { 'user.name': 'Ada', 'site.name': 'Lighthouse' };
const text = (of: string): string => piecesOf(of, known).map(({ text }) => text).join('');

test('what is known is filled in, and the rest stays as it is written', () => {
  expect(text('You help {{user.name}} at {{site.name}}.')).toBe('You help Ada at Lighthouse.');
  for (const odd of ['{{other}}', '{{ user.name }}', '{user.name}', '{{constructor}}', '{{', '']) expect(text(odd)).toBe(odd);
  expect(piecesOf('{{user.name}}!', known)).toEqual([{ text: 'Ada', filled: true }, { text: '!', filled: false }]);
});

test('a name that is filled in is not looked through again', () => {
  expect(piecesOf('{{a}}', { a: '{{b}}', b: 'no' })).toEqual([{ text: '{{b}}', filled: true }]);
});

test('each field is asked for once, in its order', () => {
  expect(fieldsOf('{{b}} {{ a }} {{b}} {{}} {{ }} {x} {{two\nlines}}')).toEqual(['b', 'a']);
});

test('what was entered stands in each place of its field, as it was entered', () => {
  expect(filledIn('{{a}}, {{ b }}, {{a}}, {{c}}', new Map([['a', '$& {{b}}'], ['b', '']]))).toBe('$& {{b}}, , $& {{b}}, {{c}}');
});
