import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { DrawnFormula } from './DrawnFormula';

// jsdom's elements of MathML have no style, browsers' have.
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

test('an alignment is aligned, and an array has its lines', () => {
  expect(cells('\\begin{aligned}a&=b\\\\c&=d\\end{aligned}').map(({ textAlign }) => textAlign)).toEqual(['right', 'left', 'right', 'left']);
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

test('a box is drawn', () => {
  const styles = [...draw('\\boxed{x}').querySelectorAll<HTMLElement>('math *')].map(({ style }) => style);
  expect(styles.some(({ border }) => border.includes('solid'))).toBe(true);
});

test('every space is an element, or in a text: anything else between elements is not drawn', () => {
  const element = draw('\\int x\\,dx\\;\\text{if a\\,b}\\:\\quad\\!y');
  const lost = [...element.querySelectorAll('math, mrow, mstyle')].flatMap((row) => [...row.childNodes]).filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
  expect(lost).toEqual([]);
  expect([...element.querySelectorAll('mspace')].map((space) => Number.parseFloat(space.getAttribute('width') ?? '').toFixed(2))).toEqual(['0.17', '0.28', '0.17', '0.22', '1.00', '-0.17']);
});
