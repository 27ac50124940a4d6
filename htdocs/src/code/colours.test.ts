/** The colours of code have enough contrast with their background: WCAG's 4.5 to 1, in light and in dark. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rules = readFileSync('src/styles.css', 'utf8');
const colours = new Map([...rules.matchAll(/--color-([\w-]+): light-dark\((#\w{6}), (#\w{6})\);/g)].map(([, name = '', ...pair]) => [name, pair]));

function brightness(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [brightness(one), brightness(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

const used = [...new Set([...rules.matchAll(/\.hljs-[^{}]*\{\s*color: var\(--color-([\w-]+)\)/g)].map(([, name = '']) => name))];

test('the test finds the colours of the style sheet and computes contrast', () => {
  expect(used.length).toBeGreaterThan(7);
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21);
});

test.each(used)('%s', (name) => {
  const behind = colours.get('code') ?? [];
  const pair = colours.get(name) ?? [];
  expect(pair).toHaveLength(2);
  pair.forEach((colour, scheme) => expect(contrast(colour, behind[scheme] ?? colour)).toBeGreaterThanOrEqual(4.5));
});
