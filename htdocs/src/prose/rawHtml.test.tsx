import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import MarkdownBody from './MarkdownBody';
import rawHtml from '../markdown/rawHtml';

afterEach(cleanup);

function draw(text: string): Element {
  const { container } = render(<MarkdownBody text={text} streaming={false} />);
  return container;
}

test.each([
  ['a<br>b', '<p>a<br>b</p>'],
  ['H<sub>2</sub>O and x<sup>2</sup>', '<p>H<sub>2</sub>O and x<sup>2</sup></p>'],
  ['<b>bold *and* `code`</b> & <i>so < on</i>', '<p><b>bold <em>and</em> <code>code</code></b> &amp; <i>so &lt; on</i></p>'],
  ['| a |\n|---|\n| b<br>c |', 'b<br>c</td>'],
  ['<details>\n<summary>More</summary>\n\nHidden **text**\n\n</details>', '<details>\n<summary>More</summary>\n<p>Hidden <strong>text</strong></p>\n</details>'],
  ['<table><tr><td>a</td><td>b</td></tr></table>', '<td>a</td><td>b</td>'],
  ['<p>an attribute like style="x" onclick=1</p>', '<p>an attribute like style="x" onclick=1</p>'],
  ['<mark>marked</mark>, <u>under *a* line</u>, <small>small</small> and <abbr title="Read the manual">RTM</abbr>', '<p><mark>marked</mark>, <u>under <em>a</em> line</u>, <small>small</small> and <abbr title="Read the manual">RTM</abbr></p>'],
  ['Is <center>in *the* middle</center> and <font color="red">red</font>', '<p>Is in <em>the</em> middle and red</p>'],
  ['<center>\n\n**Title**\n\n</center>', '<p><strong>Title</strong></p>'],
  ['not closed <mark>at all, <u> nor </center>', '<p>not closed &lt;mark&gt;at all, &lt;u&gt; nor &lt;/center&gt;</p>'],
  ['not closed <b>at all, a <div> and </i>', '<p>not closed &lt;b&gt;at all, a &lt;div&gt; and &lt;/i&gt;</p>'],
])('%j', (text, html) => {
  expect(draw(text).innerHTML.replace(/ (class|dir|data-\w+)="[^"]*"/g, '')).toContain(html);
});

/** At most a second; it took minutes when the end of each was searched through the whole text. */
test('100,000 comments that never end are dropped in time', () => {
  const tree = { type: 'root' as const, children: [{ type: 'raw' as const, value: '<!--\n\n'.repeat(100_000) }] };
  rawHtml()(tree as never);
  expect(tree.children).toHaveLength(0);
}, 60_000);

test('of a refused address only the words stay', () => {
  expect(draw('[go](javascript:1) ![lamp](x.png)').textContent).toBe('go lamp');
});

test.each([
  '<script>window.ran = 1</script>',
  '<img src=x onerror="window.ran = 1">',
  '<svg onload="window.ran = 1"><script>1</script></svg>',
  '<a href="javascript:window.ran=1">x</a>',
  '<iframe src="https://evil.example/"></iframe>',
  '<style>@import "https://evil.example/"</style>',
  '<form action="https://evil.example/"><button>x</button></form>',
  '<b onclick="window.ran = 1" style="background: url(https://evil.example/)">x</b>',
  '<math><mtext><style><img src=x onerror="window.ran=1"></style></mtext></math>',
  'a <template id="held-0"></template> *b* <b>c</b>',
])('%j is harmless', (text) => {
  const elements = [...draw(text).querySelectorAll('.prose *')];
  const names = elements.flatMap(({ localName, attributes }) => [localName, ...[...attributes].map(({ name, value }) => `${name}=${value}`)]);
  expect(names.filter((name) => /^(script|svg|iframe|style|form|template|img|math|on\w+=.*|src=.*|.*javascript.*)$/i.test(name))).toEqual([]);
});
