/** Text as people and models write it in several scripts: every character is there, and marked text is marked. */
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import MarkdownBody from './MarkdownBody';

afterEach(cleanup);

const draw = (text: string): HTMLElement => render(<MarkdownBody text={text} streaming={false} />).container;
const all = (text: string, selector: string): string[] => [...draw(text).querySelectorAll(selector)].map((each) => each.textContent);

test.each([
  ['**注意：**请看。**“真。”**她说 **中文文本（带括号）。**这句子', ['注意：', '“真。”', '中文文本（带括号）。']],
  ['これは**「強調」**です。', ['「強調」']],
  ['**강조(강조)**입니다', ['강조(강조)']],
  ['**bold** and **more**', ['bold', 'more']],
])('bold in %j', (text, bold) => {
  expect(all(text, 'strong')).toEqual(bold);
  expect(draw(text).textContent).not.toContain('*');
});

test('one tilde strikes nothing through, two do', () => {
  const text = 'It takes ~5 to ~10 minutes (~2000 lines, ~50% of them); range 0.3~8mm, 5~7U.';
  expect(all(text, 'del')).toEqual([]);
  expect(draw(text).textContent).toContain(text);
  expect(all('~~gone~~ and ~~走了。~~', 'del')).toEqual(['gone', '走了。']);
});

test.each([
  'Use Vec<T> or Promise<void>, put <your-api-key> there, x<y and y>z, and add <script src="x.js"></script> to <head>.',
  'List<A>, Box<B>, x<b and b>z, a<p and p>q, <Table> and <string>',
  'a <?php echo 1 ?> and <!DOCTYPE html> and <div class=“x”>',
])('every character of %j is visible', (text) => {
  expect(draw(text).textContent).toBe(text);
});

test.each([
  ['见 https://example.org。好', 'https://example.org', '见 https://example.org。好'],
  ['（https://example.org/a）', 'https://example.org/a', '（https://example.org/a）'],
  ['「https://example.org/a」、次', 'https://example.org/a', '「https://example.org/a」、次'],
  ['看 www.example.org，好', 'http://www.example.org', '看 www.example.org，好'],
  ['https://zh.wikipedia.org/wiki/中国。', 'https://zh.wikipedia.org/wiki/%E4%B8%AD%E5%9B%BD', 'https://zh.wikipedia.org/wiki/中国。'],
])('the bare link of %j', (text, href, shown) => {
  const element = draw(text);
  expect([...element.querySelectorAll('a')].map((each) => each.href.replace(/\/$/, ''))).toEqual([href]);
  expect(element.textContent).toBe(shown);
});

test('a footnote is found from its number and leads back, in its own message', () => {
  const text = 'Fact[^1].\n\n[^1]: The source.';
  const scrolled: Element[] = [];
  Element.prototype.scrollIntoView = function () {
    scrolled.push(this);
  };
  render(<MarkdownBody text={text} streaming={false} />);
  const { container } = render(<MarkdownBody text={text} streaming={false} />);
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const [, number] = screen.getAllByRole('link', { name: '1' });
  fireEvent.click(number as HTMLElement);
  expect(document.activeElement?.localName).toBe('li');
  expect(container.contains(document.activeElement)).toBe(true);
  const [, back] = screen.getAllByRole('link', { name: 'Back to the text' });
  fireEvent.click(back as HTMLElement);
  expect(document.activeElement).toBe(number);
  expect(scrolled).toHaveLength(2);
});

test('a link that only looks like a footnote leads nowhere', () => {
  const element = draw('<a data-footnote-ref href="#composer">x</a> <li id="composer">y</li>');
  expect(element.querySelector('a')).toBeNull();
  expect(element.querySelector('[id]')).toBeNull();
});

test('each block of text finds its own direction; code and formulas are left to right', () => {
  const element = draw('# مرحبا\n\nالسعر 25$ فقط لليوم.\n\n- א\n\n> ב\n\n| ج |\n|---|\n| د |\n\n`code`');
  for (const selector of ['h3', 'p', 'th', 'td']) expect(element.querySelector(selector)?.getAttribute('dir'), selector).toBe('auto');
  for (const selector of ['ul', 'li', 'blockquote', 'table']) expect(element.querySelector(selector)?.getAttribute('dir'), selector).toBe('rtl');
  expect(element.querySelector('code')?.getAttribute('dir')).toBe('ltr');
});

test('a number in a table stays with its unit; a column of text does not shrink to a word a line', () => {
  const cells = ['24.7 h', '1 200 €', '5,0 GB', '三月 5 日', '**12** km', 'no number', 'in 2 lines, since it is as long as a sentence', 'as long as a sentence, and one that goes on for some more words after that'];
  draw(`| a | b | c | d | e | f | g | h |\n|---|---:|---|---|---|---|---|---|\n| ${cells.join(' | ')} |`);
  const classes = [...document.querySelectorAll('td')].map(({ className }) => className);
  expect(classes).toEqual([...Array(5).fill('whitespace-nowrap'), '', 'min-w-36', 'min-w-60']);
});

test.each([
  ['来源：https://a.example/1、https://b.example/2、https://c.example/3', ['https://a.example/1', 'https://b.example/2', 'https://c.example/3']],
  ['出典：https://a.example/あ。続き：https://b.example/い', ['https://a.example/%E3%81%82', 'https://b.example/%E3%81%84']],
  ['见 www.a.example、www.b.example。和 https://c.example；好', ['http://www.a.example/', 'http://www.b.example/', 'https://c.example/']],
  ['见 https://a.example、http://、https://。', ['https://a.example/']],
])('each of several bare links: %j', (text, links) => {
  const drawn = draw(text);
  expect([...drawn.querySelectorAll('a')].map(({ href }) => href)).toEqual(links);
  expect(drawn.textContent).toBe(text);
});
