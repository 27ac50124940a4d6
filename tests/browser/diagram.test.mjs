// Diagrams in replies have the page's colours, are readable on a phone, and are harmless whatever a model writes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './access.mjs';
import { baseUrl, launch, newSession, newVisitor, register, replies, send, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const fence = '```';
const flowchart = `flowchart LR
  A[Visitor] -->|asks| B{Logged in?}
  B -- yes --> C[(Database)]
  B -- no --> D([Sign in])
  C --> E[A label of so many words that it takes more than a line]
  E --> F[The end]
  style C fill:#ffd6e7`;

/** Makes every reply consist of these diagrams and a last word. */
async function answerWith(page, ...sources) {
  const text = [...sources.map((source) => `${fence}mermaid\n${source}\n${fence}`), 'That was all.'].join('\n\n');
  const chunks = [
    { type: 'start', messageId: '21' }, { type: 'text-start', id: 't' }, { type: 'text-delta', id: 't', delta: text },
    { type: 'text-end', id: 't' }, { type: 'finish', finishReason: 'stop' },
  ];
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
  await page.unroute('**/api/ai/chat');
  await page.route('**/api/ai/chat', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: events.map((event) => `data: ${event}\n\n`).join('') }));
}

const diagrams = (page) => page.getByRole('group', { name: 'Diagram' });
const drawn = (page) => diagrams(page).getByRole('img');

/** The width at which the page shows the picture; fails if the browser could not read it. */
function measure(image) {
  return image.evaluate(async (element) => {
    await element.decode();
    return { natural: element.naturalWidth, shown: element.getBoundingClientRect().width, source: decodeURIComponent(element.src) };
  });
}

test('a diagram is drawn, and its source is one click away', async () => {
  const { page } = ada;
  await answerWith(page, flowchart);
  await send(page, 'Draw it');
  await drawn(page).waitFor();
  const { natural, source } = await measure(drawn(page));
  assert.ok(natural > 200);
  assert.match(source, /Logged in\?/);
  assert.match(source, /#fbefdc/, 'in the colours of the light page');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'diagram');
  await page.getByRole('button', { name: 'Show source' }).click();
  await replies(page).locator('pre').getByText('style C fill:#ffd6e7').waitFor();
  assert.equal(await drawn(page).count(), 0);
  await page.getByRole('button', { name: 'Show diagram' }).click();
  await drawn(page).waitFor();
});

test('a diagram follows the theme of the page', async () => {
  const { page } = ada;
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(() => decodeURIComponent(document.querySelector('article img')?.src ?? '').includes('#3a2d1b'));
  const { source } = await measure(drawn(page));
  assert.match(source, /Database/);
  assert.match(source, /color: rgb\(0, 0, 0\) !important/, 'dark letters on the node that the model made pale');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'diagram-dark');
  await page.emulateMedia({ colorScheme: 'light' });
});

test('diagrams of many kinds are drawn', async () => {
  const { page } = ada;
  await newSession(page);
  const sources = [
    'sequenceDiagram\n  Browser->>nginx: POST\n  nginx->>chat: FastCGI\n  loop every token\n    chat-->>Browser: chunk\n  end',
    'classDiagram\n  class Session { +title: string }\n  Session "1" --> "*" Message : holds',
    'stateDiagram-v2\n  [*] --> Streaming\n  Streaming --> Complete : finish\n  Complete --> [*]',
    'erDiagram\n  USER ||--o{ SESSION : has\n  USER { bigint id PK }',
    'gantt\n  dateFormat YYYY-MM-DD\n  section Work\n  Read :done, a, 2024-01-01, 5d\n  Write :after a, 7d',
    'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85',
    'mindmap\n  root((Lamplight))\n    C\n    Page',
    'gitGraph\n  commit\n  branch page\n  commit\n  checkout main\n  merge page',
  ];
  await answerWith(page, ...sources);
  await send(page, 'All of them');
  await replies(page).getByText('That was all.').waitFor();
  await page.waitForFunction((count) => document.querySelectorAll('article img').length === count, sources.length, { timeout: 60_000 });
  for (const image of await drawn(page).all()) assert.ok((await measure(image)).natural > 50);
});

test('an invalid diagram shows a sentence and its source', async () => {
  const { page } = ada;
  await newSession(page);
  await answerWith(page, 'sequenceDiagram\n  A->>B: Hello\n  this is not mermaid', 'something else altogether');
  await send(page, 'Draw it wrong');
  await replies(page).getByText('Can’t draw this diagram: line 3 of its source isn’t valid.').waitFor();
  await replies(page).getByText('Can’t draw this diagram. Its source is below.').waitFor();
  await replies(page).locator('pre').getByText('this is not mermaid').waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'diagram-broken');
});

test('on a phone it is made smaller but stays readable, and the page does not get wider', async () => {
  const phone = await newVisitor(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const { page } = phone;
  await register(phone);
  await answerWith(page, flowchart);
  await page.getByLabel('Your message').fill('Draw it');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await drawn(page).waitFor();
  const { natural, shown } = await measure(drawn(page));
  assert.ok(shown >= natural * 0.59, `${shown} of ${natural}`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert.ok(await diagrams(page).evaluate((box) => box.scrollWidth > box.clientWidth), 'the rest is reached by scrolling');
  await shot(page, 'diagram-phone');
  assert.deepEqual(phone.complaints, []);
  await phone.context.close();
});

test('a diagram is drawn in a panel of another page', async () => {
  const { page } = ada;
  await answerWith(page, flowchart);
  await page.route('**/shop.html', (route) => route.fulfill({
    contentType: 'text/html',
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; frame-src 'self'" },
    body: `<!doctype html><html lang="en"><title>Shop</title><body><script src="${new URL('embed.js', baseUrl).pathname}" defer></script>`,
  }));
  await page.goto(new URL('shop.html', baseUrl).href);
  await page.getByRole('button', { name: 'Open the chat' }).click();
  const panel = page.frameLocator('iframe');
  await panel.getByLabel('Your message').fill('Draw it');
  await panel.getByRole('button', { name: 'Send', exact: true }).click();
  await drawn(panel).waitFor();
  await shot(page, 'diagram-panel');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});

test('hostile diagrams run nothing and fetch nothing', async () => {
  const eve = await newVisitor(browser);
  const { page, context } = eve;
  const reached = [];
  await context.route((url) => url.origin !== new URL(baseUrl).origin && url.protocol !== 'data:', (route) => {
    reached.push(route.request().url());
    return route.abort();
  });
  await register(eve);
  const sources = [
    'flowchart LR\n  A --> B\n  click A call parent.ran()\n  click B "javascript:window.ran=1"',
    'flowchart LR\n  A["<img src=x onerror=\'window.ran=2\'>"] --> B["<script>window.ran=3</script>"]',
    'flowchart LR\n  A["<img src=\'https://evil.example/a.png\'>"] --> B["<iframe src=\'https://evil.example/\'></iframe>"]',
    'flowchart LR\n  A["<foreignObject><body onload=\'window.ran=4\'/></foreignObject>"]\n  A@{ img: "https://evil.example/b.png", w: 60, h: 60 }',
    'flowchart LR\n  A --> B\n  style A fill:url(https://evil.example/c.svg#x)\n  classDef x background:url(https://evil.example/d.png)\n  class B x',
    '%%{init: {"securityLevel": "loose", "themeCSS": "@import url(https://evil.example/e.css); .node { fill: url(https://evil.example/f) }"}}%%\nflowchart LR\n  A --> B\n  click A "https://evil.example/g" _self',
    '---\nconfig:\n  securityLevel: loose\n  fontFamily: "x; } @import url(https://evil.example/h.css); a {"\n  secure: []\n---\nflowchart LR\n  A["<a href=\'javascript:window.ran=5\'>x</a>"]',
    'sequenceDiagram\n  participant A\n  link A: Go @ javascript:window.ran=6\n  A->>A: <svg onload="window.ran=7"></svg>',
    'classDiagram\n  class A\n  click A href "javascript:window.ran=8"\n  A : <img src=x onerror=window.ran=9>',
    `flowchart LR\n  A["${'$$\\\\href{javascript:window.ran=10}{x}$$'}"]`,
  ];
  await answerWith(page, ...sources);
  await send(page, 'Be evil');
  await replies(page).getByText('That was all.').waitFor();
  // Each diagram is drawn or refused; after that, nothing more can happen.
  await page.waitForFunction((count) => {
    const refused = [...document.querySelectorAll('article .code')].filter(({ innerText }) => innerText.includes('Can’t draw'));
    return document.querySelectorAll('article img').length + refused.length === count;
  }, sources.length, { timeout: 60_000 });
  assert.ok((await drawn(page).count()) >= 6, 'most are diagrams, after all');
  // A click opens the viewer, where the picture is just as harmless.
  for (const image of await drawn(page).all()) {
    await image.click();
    await page.getByRole('dialog').getByRole('img').first().click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.waitForTimeout(300);
  for (const frame of page.frames()) assert.equal(await frame.evaluate(() => window.ran), undefined);
  assert.deepEqual(reached, []);
  assert.equal(context.pages().length, 1, 'no click opens anything');
  assert.ok(page.url().startsWith(baseUrl));
  await shot(page, 'diagram-hostile');
  await context.close();
});

test('the frame that draws has no origin, even when it is opened directly', async () => {
  const { page } = ada;
  await page.goto(new URL('diagram.html', baseUrl).href);
  assert.equal(await page.evaluate(() => self.origin), 'null');
  assert.equal(await page.evaluate(() => { try { return String(localStorage.length); } catch { return 'refused'; } }), 'refused');
});
