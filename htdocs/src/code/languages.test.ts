import { common, createLowlight } from 'lowlight';
import { expect, test } from 'vitest';
import { canBeColoured, knownNames } from './languages';

const lowlight = createLowlight(common);

test('every name is one of a grammar, and every grammar has one', () => {
  expect([...knownNames].filter((name) => !lowlight.registered(name))).toEqual([]);
  const plain = ['plaintext']; // there is nothing to colour
  expect(lowlight.listLanguages().filter((name) => !knownNames.has(name))).toEqual(plain);
});

test('code of a known language can be coloured, plain text and unknown languages cannot', () => {
  expect(canBeColoured('Python', 'x = 1')).toBe(true);
  expect(canBeColoured('C++', 'int x;')).toBe(true);
  for (const language of ['', 'text', 'mermaid', 'no-such', 'constructor', 'c d']) expect(canBeColoured(language, 'x')).toBe(false);
});

test('code that is too long, or has a line that is, stays plain', () => {
  const line = `${'x'.repeat(1999)}\n`;
  expect(canBeColoured('js', line.repeat(10))).toBe(true);
  expect(canBeColoured('js', `${line.repeat(10)}x`)).toBe(false);
  expect(canBeColoured('js', `a\n${'x'.repeat(2000)}\nb`)).toBe(true);
  expect(canBeColoured('js', `a\n${'x'.repeat(2001)}\nb`)).toBe(false);
});
