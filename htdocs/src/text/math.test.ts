import { expect, test } from 'vitest';
import { holdsMath, withDoubleDollars } from './math';

test.each([
  ['so \\(a^2\\) is', 'so $$a^2$$ is'],
  ['\\[ a = b \\]', '$$\na = b\n$$'],
  ['the $x_1$ and $\\frac{1}{2}$', 'the $$x_1$$ and $$\\frac{1}{2}$$'],
  ['$$a$$ stays', '$$a$$ stays'],
  ['`$x$` and ```\n$y$\n``` stay', '`$x$` and ```\n$y$\n``` stay'],
])('%j becomes %j', (text, formulas) => {
  expect(holdsMath(text)).toBe(true);
  expect(withDoubleDollars(text)).toBe(formulas);
});

test.each(['It costs $5 and $10.', 'Between $5 and 10$ a day', 'a \\$x\\$ b', 'US$ and AU$ are money'])('%j is about money', (text) => {
  expect(holdsMath(text)).toBe(false);
  expect(withDoubleDollars(text)).toBe(text);
});
