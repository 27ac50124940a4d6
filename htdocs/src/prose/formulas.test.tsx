/** Where the parser finds formulas and where it does not, in whole texts and in every beginning of one as it streams in. */
import { cleanup, render } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import MarkdownBody from './MarkdownBody';

vi.mock('./Formula', () => ({
  Formula: ({ tex, kind }: { tex: string; kind: string }) => <i data-kind={kind}>{tex}</i>,
}));

afterEach(cleanup);

function draw(text: string, streaming = false): HTMLElement {
  return render(<MarkdownBody text={text} streaming={streaming} />).container;
}
const found = (element: HTMLElement): string[] => [...element.querySelectorAll('i')].map((each) => `${each.dataset['kind']} ${each.textContent}`);

describe('formulas', () => {
  test.each<[string, string[]]>([
    ['so \\(a^2\\) is', ['inline a^2']],
    ['价格是\\(x\\)元，$y$是', ['inline x', 'inline y']],
    ['\\[ a = b \\]', ['block a = b']],
    ['\\[\n a\n+ b\n\\]', ['block a\n+ b']],
    ['so\n\\[\nx\n\\]\nthen', ['block x']],
    ['so \\[ E = mc^2 \\] then', ['large E = mc^2']],
    ['the $x_1$ and $\\frac{1}{2}$, $n$.', ['inline x_1', 'inline \\frac{1}{2}', 'inline n']],
    ['$$a$$', ['block a']],
    ['$$\na\n\nb\n$$', ['block a\n\nb']],
    ['$$\\begin{aligned}\na &= b\n\\end{aligned}$$', ['block \\begin{aligned}\na &= b\n\\end{aligned}']],
    ['$$x$$.', ['block x.']],
    ['and $$x$$ and $1000!$', ['large x', 'inline 1000!']],
    ['$2x + 3$ and $10^6$ and $100\\%$', ['inline 2x + 3', 'inline 10^6', 'inline 100\\%']],
    ['- one \\(x\\)\n- \\[ y = 2 \\]\n  more', ['inline x', 'block y = 2']],
    ['> $$\n> a\n> $$', ['block a']],
    ['| a | b |\n|---|---|\n| $x$ | \\(y\\) |', ['inline x', 'inline y']],
    ['**$x$** and _\\(y\\)_', ['inline x', 'inline y']],
    ['\\(ABC\\), \\(5\\), \\(\\sin x\\), \\(f(x)\\)', ['inline ABC', 'inline 5', 'inline \\sin x', 'inline f(x)']],
    ['$\\text{price} = \\$5$', ['inline \\text{price} = \\$5']],
    ['$5 \\text{ apples}$', ['inline 5 \\text{ apples}']],
    ['a \\\\(b\\\\) \\(x\\)', ['inline x']],
  ])('%j', (text, formulas) => {
    expect(found(draw(text))).toEqual(formulas);
  });
});

describe('no formulas', () => {
  test.each<[string, string]>([
    ['It costs $5 and $10.', 'It costs $5 and $10.'],
    ['Between $5 and 10$ a day', 'Between $5 and 10$ a day'],
    ['$5-$10, $5/$10, ($5) and $5M', '$5-$10, $5/$10, ($5) and $5M'],
    ['a \\$x\\$ b', 'a $x$ b'],
    ['US$ and AU$ are money', 'US$ and AU$ are money'],
    ['价格是$5到$10之间，或5$到10$', '价格是$5到$10之间，或5$到10$'],
    ['السعر 25$ فقط لليوم.', 'السعر 25$ فقط لليوم.'],
    ['echo $HOME and $PATH, $HOME/$USER', 'echo $HOME and $PATH, $HOME/$USER'],
    ['Usage: tool \\[options\\] file, see \\[1\\] and \\(optional\\).', 'Usage: tool [options] file, see [1] and (optional).'],
    ['\\[1\\] A paper, \\[2, 3\\], \\[sic\\], file\\(s\\)', '[1] A paper, [2, 3], [sic], file(s)'],
    ['$$ never closed', '$$ never closed'],
    ['\\[ never\n\nclosed = \\]', '[ neverclosed = ]'],
    ['`$x$` and `\\(y\\)`', '$x$ and \\(y\\)'],
    ['$ x $ and $$ $$ and $$$a$$$', '$ x $ and $$ $$ and $$$a$$$'],
  ])('%j', (text, shown) => {
    const element = draw(text);
    expect(found(element)).toEqual([]);
    expect(element.textContent.replace(/\n/g, '')).toBe(shown);
  });

  test('code is shown as it was written', () => {
    const element = draw('In code ``$x$ ` $y$`` and ``\\(z\\)``; indented:\n\n    cost=$a$ b \\[c\\]\n\n```sh\necho $a $$b$$\n```\n\nend');
    expect([...element.querySelectorAll('code')].map((each) => each.textContent)).toEqual(['$x$ ` $y$', '\\(z\\)', 'cost=$a$ b \\[c\\]\n', 'echo $a $$b$$\n']);
    expect(found(element)).toEqual([]);
  });
});

test('no beginning of a text shows the source of a formula', () => {
  const text = [
    'Prices: $5 and $6 for \\(a^2+b^2\\), so',
    '\\[\n\\int_0^1 x\\,dx\n= \\frac{1}{2}\n\\]',
    'and $x_1$ or $\\frac{1}{2}$ or $$y^2$$ hold:',
    '$$\n\\begin{aligned}\na &= b \\\\\n\nc &= d\n\\end{aligned}\n$$',
    'with `$code` and ```$``` in it.',
  ].join('\n\n');
  const { container, rerender } = render(<MarkdownBody text="" streaming />);
  for (let length = 1; length <= text.length; length++) {
    rerender(<MarkdownBody text={text.slice(0, length)} streaming />);
    for (const drawn of container.querySelectorAll('i, code')) drawn.textContent = '';
    expect(container.textContent, text.slice(0, length)).not.toMatch(/\\|\^|\$(?!\d)|frac|int_|begin|aligned|x_|\$\$/);
    rerender(<MarkdownBody text="" streaming />);
  }
});

test.each([
  ['openings', '\\(a '.repeat(1900)],
  ['openings of lines', '\\[\n\n'.repeat(2000)],
  ['openings of a long paragraph', '\\[ a\n'.repeat(1900)],
  ['dollars', '$a '.repeat(1900)],
  ['pairs of dollars', `${'$$\n\n'.repeat(2000)}a`],
  ['escapes', `\\(${'\\\\'.repeat(5000)}`],
])('a hostile text holds nothing up: %s', { timeout: 60_000 }, (_, text) => {
  expect(found(draw(text))).toEqual([]);
});
