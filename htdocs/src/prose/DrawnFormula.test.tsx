import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { DrawnFormula } from './DrawnFormula';

// In jsdom MathML elements have no style; in browsers they do.
const styles = new WeakMap<Element, CSSStyleDeclaration>();
Object.defineProperty(Element.prototype, 'style', {
  configurable: true,
  get(this: Element) {
    const style = styles.get(this) ?? document.createElement('i').style;
    styles.set(this, style);
    return style;
  },
});

afterEach(cleanup);

const draw = (tex: string, kind: 'block' | 'inline' | 'large' = 'block'): HTMLElement => render(<DrawnFormula tex={tex} kind={kind} />).container;
const cells = (tex: string): CSSStyleDeclaration[] => [...draw(tex).querySelectorAll<HTMLElement>('mtd')].map(({ style }) => style);

test('a matrix has columns apart, and brackets that grow with it', () => {
  const element = draw('A=\\begin{pmatrix}1&2&3\\\\4&5&6\\end{pmatrix}');
  const first = [...element.querySelectorAll<HTMLElement>('mtr:first-of-type > mtd')].map(({ style }) => [style.paddingLeft, style.paddingRight]);
  expect(first).toEqual([['0px', '0.5em'], ['0.5em', '0.5em'], ['0.5em', '0px']]);
  expect([...element.querySelectorAll('mo')].map(({ textContent }) => textContent)).toEqual(['=', '(', ')']);
});

test('the cells of an array have its lines as borders', () => {
  expect(cells('\\begin{array}{c|c}a&b\\\\\\hline c&d\\end{array}').map(({ borderRight, borderBottom }) => [borderRight !== '', borderBottom !== ''])).toEqual([
    [true, true], [false, true], [true, false], [false, false],
  ]);
});

test('letters of other alphabets are characters of their own', () => {
  expect(draw('\\mathbb{R}, \\mathcal{L}, \\mathbf{v}, \\mathfrak{g}').textContent).toBe('ℝ,ℒ,𝐯,𝔤');
});

test('the source is not in what is read out or copied', () => {
  const element = draw('\\frac{1}{2}');
  expect(element.querySelector('annotation')).toBeNull();
  expect(element.textContent).toBe('12');
});

test('what is no TeX is shown as it was written, without a style of its own', () => {
  const element = draw('\\frac{1}{');
  expect(element.querySelector('code.formula-source')?.textContent).toBe('\\frac{1}{');
  expect(element.querySelector('[style]')).toBeNull();
});

test.each(['\\href{javascript:alert(1)}{x}', '\\url{javascript:1}', '\\includegraphics{https://evil.invalid/x.png}', '\\htmlStyle{background:url(https://evil.invalid)}{x}', '\\htmlData{a=b}{x}'])(
  '%j is harmless',
  (tex) => {
    const element = draw(tex);
    expect(element.querySelector('[href], [src], a, img, [data-a]')).toBeNull();
  },
);

test.each(['\\def\\a{\\a\\a}\\a', '{'.repeat(3000), '\\rule{9999em}{9999em}', '\\frac'.repeat(2000), `${'\\sqrt{'.repeat(500)}x${'}'.repeat(500)}`])('what would cost too much is bounded', (tex) => {
  expect(draw(tex).querySelectorAll('*').length).toBeLessThan(2000);
});

test('a boxed formula has a border', () => {
  const styles = [...draw('\\boxed{x}').querySelectorAll<HTMLElement>('math *')].map(({ style }) => style);
  expect(styles.some(({ border }) => border.includes('solid'))).toBe(true);
});

test('every space is an element, or in a text: anything else between elements is not drawn', () => {
  const element = draw('\\int x\\,dx\\;\\text{if a\\,b}\\:\\quad\\!y');
  const lost = [...element.querySelectorAll('math, mrow, mstyle')].flatMap((row) => [...row.childNodes]).filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
  expect(lost).toEqual([]);
  expect([...element.querySelectorAll('mspace')].map((space) => Number.parseFloat(space.getAttribute('width') ?? '').toFixed(2))).toEqual(['0.17', '0.28', '0.17', '0.22', '1.00', '-0.17']);
});

/** The operators, with the attributes that browsers need. */
const signs = (tex: string): (string | null)[][] =>
  [...draw(tex).querySelectorAll('mo')].map((mo) => [mo.textContent, mo.getAttribute('stretchy'), mo.getAttribute('lspace'), mo.getAttribute('rspace')]);

test.each(['\\begin{vmatrix}a\\end{vmatrix}', '\\left|a\\right|', '\\bigl|a\\bigr|'])('the bars of %j grow, and stand close', (tex) => {
  expect(signs(tex)).toEqual([['|', 'true', '0.1em', '0.1em'], ['|', 'true', '0.1em', '0.1em']]);
});

test('bars that do not grow stand close, and those of relations do not', () => {
  expect(signs('\\lVert a\\rVert')).toEqual([['‖', 'false', '0', '0'], ['‖', 'false', '0', '0']]);
  expect(signs('a\\mid b\\parallel c').map(([sign]) => sign)).toEqual(['∣', '∥']);
});

test.each([
  ['\\sin x', 1], ['2\\sin x', 2], ['\\sin^2 x', 1], ['\\log_2 8', 1], ['\\lim_{x\\to0}f', 1], ['2\\log_2 8', 2],
  ['\\sin(x)', 0], ['\\sin\\left(x\\right)', 0], ['\\max', 0], ['a+\\sin', 0], ['\\sin=1', 0], ['a b', 0],
])('%j has %d thin spaces beside its function', (tex, spaces) => {
  expect(draw(tex).querySelectorAll('mspace')).toHaveLength(spaces);
});

test('a line above or below is as long as what it belongs to', () => {
  const drawn = [...draw('\\overline{xyz}\\underline{ab}').querySelectorAll<HTMLElement>('mrow')].map(({ style: { borderTop, borderBottom } }) => [borderTop !== '', borderBottom !== '']);
  expect(drawn.filter(([above, below]) => above || below)).toEqual([[true, false], [false, true]]);
});

test('equations that are aligned have their numbers', () => {
  const element = draw('\\begin{align}a&=b\\tag{1.2}\\\\c&=d\\\\e&=f\\nonumber\\\\g&=h\\tag*{A}\\end{align}');
  const rows = [...element.querySelectorAll('mtr')].map((row) => [...row.querySelectorAll('mtd')].map(({ textContent }) => textContent));
  expect(rows).toEqual([['a', '=b', '(1.2)'], ['c', '=d', ''], ['e', '=f'], ['g', '=h', 'A']]);
});
