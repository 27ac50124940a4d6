// The chat as a panel in another page of the same site, whose policy allows no inline style and no inline script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './access.mjs';
import { ask, baseUrl, becomes, launch, newVisitor, password, replies, shot } from './browser.mjs';

const sitePage = (path) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The shop</title>
  <meta name="viewport" content="width=device-width, initial-scale=1"><script src="${new URL('embed.js', baseUrl).pathname}" defer></script></head>
  <body><main><h1>The shop</h1><p>${path}</p><a href="second.html">More</a></main></body></html>`;

let browser;
let ada;
let chat;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await ada.page.route(/\/(first|second)\.html$/, (route) => route.fulfill({
    contentType: 'text/html',
    headers: { 'content-security-policy': "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; img-src 'self' data:" },
    body: sitePage(new URL(route.request().url()).pathname),
  }));
  chat = ada.page.frameLocator('iframe');
});
after(() => browser.close());

test('a page with the script has a button, and nothing more is loaded until it is pressed', async () => {
  const { page } = ada;
  const loaded = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname.replace(/.*\//, '')));
  await page.goto(new URL('first.html', baseUrl).href);
  await page.getByRole('button', { name: 'Open the chat' }).waitFor();
  assert.deepEqual(loaded.filter((name) => name !== 'favicon.ico'), ['first.html', 'embed.js']);
  assert.deepEqual(await violations(page), []);
  await shot(page, 'embed-closed');
});

test('the panel holds the whole chat', async () => {
  const { page, username } = ada;
  await page.getByRole('button', { name: 'Open the chat' }).click();
  await chat.getByRole('button', { name: 'Create an account' }).click();
  await chat.getByLabel('Username').fill(username);
  await chat.getByLabel('Password').fill(password);
  await chat.getByRole('button', { name: 'Create account' }).click();
  const frame = page.frames().at(-1);
  await chat.getByLabel('Your message').waitFor();
  await ask(frame, 'Hello from the shop');
  await becomes(() => replies(frame).count(), 1);
  assert.deepEqual([await violations(page), await violations(frame)], [[], []]);
  await shot(page, 'embed-open');
});

test('on the next page of the site it is as it was left', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'More' }).click();
  await page.waitForURL('**/second.html');
  await chat.getByRole('article', { name: 'You' }).getByText('Hello from the shop').waitFor();
  await page.getByRole('button', { name: 'Close the chat' }).click();
  await page.getByRole('button', { name: 'Open the chat' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Open the chat' }).waitFor();
  await becomes(() => page.locator('iframe').count(), 0);
});

test('on a phone it takes the screen', async () => {
  const { page } = ada;
  await page.setViewportSize({ width: 390, height: 700 });
  await page.getByRole('button', { name: 'Open the chat' }).click();
  await chat.getByRole('article', { name: 'You' }).getByText('Hello from the shop').waitFor();
  const box = await page.getByRole('region', { name: 'Chat' }).boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 390, 700]);
  assert.deepEqual([await violations(page), await violations(page.frames().at(-1))], [[], []]);
  await shot(page, 'embed-phone');
});

test('both pages kept to their policies and their origin', () => {
  assert.deepEqual(ada.complaints, []);
});
