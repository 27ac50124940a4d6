import { expect, test } from 'vitest';
import { nameOf, seenIn } from './seen';

test.each([
  ['invoice\u202efdp.exe', 'invoicefdp.exe'],
  ['\u200bpay\u2060pal\ufeff', 'paypal'],
  ['\u3164\u115f\uffa0\u{e0041}\u00ad', ''],
  ['\u2800 \u3000\n', ''],
  ['\u200d\ufe0f', ''],
  ['a \u200d b', 'a b'],
  [' a\tb\u0000\u0085c ', 'a b c'],
  ['\u2066שלום\u2069', 'שלום'],
  ['👩‍👧 ❤️ می‌خواهم 葛\u{e0100}', '👩‍👧 ❤️ می‌خواهم 葛\u{e0100}'],
])('of %j there is %j to be seen', (text, seen) => {
  expect(seenIn(text)).toBe(seen);
});

test('a file without a name that can be seen is called by its kind', () => {
  const mediaType = 'image/png';
  expect(nameOf({ filename: 'a.png', mediaType })).toBe('a.png');
  expect(nameOf({ filename: '\u200b', mediaType })).toBe(mediaType);
  expect(nameOf({ mediaType })).toBe(mediaType);
});
