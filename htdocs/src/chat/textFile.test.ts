import { expect, test } from 'vitest';
import { isReadableText, textFile, textIn } from './textFile';

test.each(['', 'plain', 'zwei Zeilen\n\tund ein Tab', '你好，世界 🏮', 'مرحبا', '\u0000\uFEFFmark', 'x'.repeat(100_000)])('a text becomes a file and the same text again', (text) => {
  expect(textIn(textFile(text, 'Pasted text', []))).toBe(text.replace(/^\uFEFF/, ''));
});

test('files of a message have names of their own', () => {
  expect(textFile('a', 'Pasted text', ['Pasted text.txt', 'Pasted text 2.txt']).filename).toBe('Pasted text 3.txt');
});

test('what is no text, or too long for a field, stays a file', () => {
  expect(textIn({ type: 'file', mediaType: 'text/plain', url: `data:text/plain;base64,${btoa('a\xffb')}` })).toBe('a\uFFFDb');
  expect(textIn({ type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AAAA' })).toBe(null);
  expect(textIn({ type: 'file', mediaType: 'text/plain', url: 'data:text/plain;base64,!' })).toBe(null);
  expect(isReadableText(textFile('x'.repeat(400_000), 'a', []))).toBe(false);
  expect(isReadableText(textFile('short', 'a', []))).toBe(true);
});
