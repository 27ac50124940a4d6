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
  expect(text('a\uFE0F b\u{1F525}\uFE0E 1\uFE0F')).toBe('a[U+FE0F] b\u{1F525}[U+FE0E] 1[U+FE0F]');
  for (const plain of ['☀️', '1️⃣', '👁️‍🗨️', 'two\nlines\tand a tab', 'می‌خواهم', '👩‍👩‍👧', '👩🏽‍🚀', '❤️‍🔥', 'क्‍ष', 'ශ්‍රී', 'مرحبا', '']) expect(text(plain)).toBe(plain);
});

test.each(['admin\u200d', 'ad\u200cmin', 'а\u200dб', '1\u200d2', '\u200cx', '- \u200d-', 'e\u0301\u200dx', '漢\u200d字', '한\u200c글'])('a joiner that joins nothing has its number: %j', (text) => {
  expect(plainly(text).filter(({ hidden }) => hidden)).toHaveLength(1);
});

test.each([
  0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d, 0x180e, 0x180f, 0x2800, 0x3164, 0xffa0, 0xfe00, 0xfe0f, 0xfff9, 0xfffa, 0xfffb, 0xe0100, 0xe01ef,
])('what shows nothing has its number: %i', (code) => {
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  expect(plainly(`a${String.fromCodePoint(code)}b`)).toEqual([{ shown: 'a', hidden: false }, { shown: number, hidden: true }, { shown: 'b', hidden: false }]);
});
