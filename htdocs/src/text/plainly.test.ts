import { expect, test } from 'vitest';
import { labelOf, plainly } from './plainly';

test.each([
  ['path', 'Path'],
  ['start_date', 'Start date'],
  ['startDate', 'Start date'],
  ['user-id', 'User id'],
  ['URL', 'URL'],
  ['Größe', 'Größe'],
  ['名前', '名前'],
  ['_', '_'],
])('%s is called %s', (key, label) => {
  expect(labelOf(key)).toBe(label);
});

test('what hides is shown by its number, and nothing else is', () => {
  const text = (value: string): string => plainly(value).map(({ shown, hidden }) => (hidden ? `[${shown}]` : shown)).join('');
  expect(text('rm \u202Etxt.exe')).toBe('rm [U+202E]txt.exe');
  expect(text('a\u200Bb\u0000c\u{E0041}')).toBe('a[U+200B]b[U+0000]c[U+E0041]');
  for (const plain of ['two\nlines\tand a tab', 'می‌خواهم', '👩‍👩‍👧', 'مرحبا', '']) expect(text(plain)).toBe(plain);
});
