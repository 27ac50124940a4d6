import { describe, expect, test } from 'vitest';
import { BOUNDS, isTame } from './tame';

const times = (n: number, make: (i: number) => string, between = '') => Array.from({ length: n }, (_, i) => make(i)).join(between);

/** Each of these takes a parser or a browser seconds to minutes. */
const wild: Record<string, string> = {
  'lists in lists': times(400, (i) => `${'  '.repeat(i)}- a`, '\n'),
  'lists in lists by tabs': times(400, (i) => `${'\t'.repeat(i)}* a`, '\n'),
  'lists in lists on one line': `${'- '.repeat(400)}a`,
  'numbers on one line': `${'1. '.repeat(400)}a`,
  quotes: `${'>'.repeat(4000)} a`,
  'quotes with blanks, lists between': `${'> - '.repeat(400)}a`,
  'bold that never ends': '**a '.repeat(6666),
  'bold over many lines': '**a\n'.repeat(6666),
  'emphasis of all kinds': '*a _b ~~c '.repeat(3000),
  'links that never end': '[a]('.repeat(4000),
  images: '!['.repeat(4000),
  tags: '<b>'.repeat(4000),
  'tags over many lines': '<div>\n'.repeat(4000),
  'code that never ends': times(4000, (i) => `${'`'.repeat((i % 2) + 1)}a`, ' '),
  formulas: '$a '.repeat(4000),
  'formulas in brackets': '\\(a '.repeat(4000),
  'formulas that never end': '\\(a '.repeat(100),
  'formulas that never end, over lines': '\\[a\n'.repeat(100),
  'formulas with the end of others': '\\(abc \\] '.repeat(100),
  'formulas whose end is escaped': '\\(abc \\\\) '.repeat(100),
  'bare links': 'www.a.b '.repeat(4000),
  footnotes: '[^a] '.repeat(4000),
  definitions: times(4000, (i) => `[a${i}]: /x`, '\n'),
  'underlined headings': 'a\n=\n'.repeat(4000),
  'a wide table': `${'|a'.repeat(4000)}|\n${'|-'.repeat(4000)}|\n`,
  'a long table': `|a|b|\n|-|-|\n${'|1|2|\n'.repeat(40_000)}`,
  'far too much': 'word '.repeat(400_000),
};

const tame: Record<string, string> = {
  nothing: '',
  'a long essay': times(500, () => 'A sentence with **bold**, *emphasis*, `code`, [a link](https://example.org) and $x^2$. '.repeat(8), '\n\n'),
  'a list of ten levels': times(10, (i) => `${'  '.repeat(i)}- level ${i}`, '\n'),
  'a list of 500 points': times(500, (i) => `${i + 1}. **Point ${i}**: \`code\``, '\n'),
  'a table of 1,000 rows': `| a | b | c |\n|---|---|---|\n${'| 1 | 2 | 3 |\n'.repeat(1000)}`,
  'a quoted letter': '> > > said before\n> > said then\n> said now\n\nreply',
  'code of any kind': `\`\`\`c\n${'**p = *q[0] < 1 ? _a : ~b;\n'.repeat(20_000)}\`\`\``,
  'a formula, and code': `$$\n\nx^2\n$$\n\nand\n\n\`\`\`c\n${'**p = *q[0] < 1 ? _a : ~b;\n'.repeat(20_000)}\`\`\``,
  'deep code': `~~~yaml\n${times(80, (i) => `${'  '.repeat(i)}- a:`, '\n')}\n~~~`,
  'code while it streams': `\`\`\`\n${'[[[['.repeat(3000)}`,
  'rules and dashes': times(100, () => 'a\n\n---\n', '\n'),
  'a paragraph of formulas': '\\(a\\) is \\(b_1\\), and file\\(s\\). '.repeat(300),
  'boxes to tick': '\\[ \\] a\n'.repeat(300),
  'a sum': '1 - 2 - 3 - 4 '.repeat(100),
};

/** Lines that look like a fence, or like its end, and are not. */
const noFences: Record<string, string> = {
  'signs in its name': '``` `\n',
  'an end with a name': '```\n``` x\n```\n',
  'a quote that ends': '> ```\n',
  'a list that ends': '- a\n  ```\n',
  'indented code': '\n    ```\n',
  'a comment': '<!--\n\n```\n-->\n\n',
  'a tag': '<div>\n```\n\n',
  'a formula with something behind its end': '$$\na $$ b\n$$\n\n```\n$$\n\n',
  'a formula in a quote': '> $$\n>\n> ```\n',
  'a formula whose end is escaped': '$$\na \\$$\n\n```\n$$\n\n',
  'a formula': '$$\n\n```\n$$\n\n',
};

describe('what would stop a tab', () => {
  test.each(Object.keys(noFences))('after %s', (name) => {
    expect(isTame(`${noFences[name] ?? ''}${wild.quotes ?? ''}`)).toBe(false);
  });
  test.each(Object.keys(wild))('%s', (name) => {
    expect(isTame(wild[name] ?? '')).toBe(false);
  });
  test('in the middle of a good text, too', () => {
    expect(isTame(`Hello.\n\n\`\`\`\ncode\n\`\`\`\n\n${wild.quotes}\n\nBye.`)).toBe(false);
  });
});

describe('what people and models write', () => {
  test.each(Object.keys(tame))('%s', (name) => {
    expect(isTame(tame[name] ?? '')).toBe(true);
  });
  test('texts up to the bounds are tame', () => {
    expect(isTame(`${'> '.repeat(BOUNDS.depth)}a`)).toBe(true);
    expect(isTame('*a '.repeat(BOUNDS.markers))).toBe(true);
  });
});
