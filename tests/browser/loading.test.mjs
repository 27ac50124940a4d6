// What the page loads when, and what a reader sees if some of it cannot be loaded.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, baseUrl, composer, launch, newVisitor, register, replies, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  await ask(ada.page, 'Some markdown, please');
});
after(() => browser.close());

const scripts = (page) =>
  page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => /assets\/([A-Za-z]+)-[^/]*\.js$/.exec(name)?.[1]).filter(Boolean));

test('somebody who has to log in fetches neither the workspace nor the renderer', async () => {
  const { page, context } = await newVisitor(browser);
  await page.goto(baseUrl);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  const loaded = await scripts(page);
  assert.ok(loaded.includes('index'));
  assert.deepEqual(loaded.filter((name) => /workspace|Markdown|diagram|math/i.test(name)), []);
  await context.close();
});

test('a reader fetches both, but neither diagrams nor formulas', async () => {
  const { page } = ada;
  await page.reload();
  await replies(page).locator('.prose').waitFor();
  const loaded = await scripts(page);
  for (const name of ['workspace', 'MarkdownBody']) assert.ok(loaded.includes(name), `${name} in ${loaded}`);
  assert.deepEqual(loaded.filter((name) => /diagram|math|katex/i.test(name)), []);
});

test('without the renderer the text is shown as it is', async () => {
  const { page } = ada;
  await page.route('**/assets/MarkdownBody-*', (route) => route.abort());
  await page.reload();
  await replies(page).getByText('# Markdown').waitFor();
  await composer(page).waitFor();
  await shot(page, 'no-renderer');
  await page.unroute('**/assets/MarkdownBody-*');
});

test('if the workspace cannot be loaded the page says so and reloads', async () => {
  const { page } = ada;
  await page.route('**/assets/workspace-*', (route) => route.abort());
  await page.reload();
  await page.getByRole('alert').getByText('This page can’t be shown.').waitFor();
  await shot(page, 'no-workspace');
  await page.unroute('**/assets/workspace-*');
  await page.getByRole('button', { name: 'Reload' }).click();
  await replies(page).locator('.prose').waitFor();
});

test('what the server refuses is told in the language of the page', async () => {
  const lin = await newVisitor(browser, { locale: 'zh-CN' });
  const { page, context } = lin;
  await page.goto(baseUrl);
  await page.getByRole('button', { name: '创建账户' }).first().click();
  await page.getByLabel('用户名').fill(lin.username);
  await page.getByLabel('密码').fill('a lamp in the window');
  await page.locator('form button[type=submit]').click();
  await page.locator('textarea').waitFor();
  await page.route('**/api/ai/chat', (route) => route.fulfill({
    status: 503,
    contentType: 'application/problem+json',
    body: JSON.stringify({ status: 503, code: 'unavailable', detail: 'The service is away for a moment. Please try again.' }),
  }));
  await page.locator('textarea').fill('你好');
  await page.locator('textarea').press('Enter');
  await page.getByRole('alert').getByText('服务器').waitFor();
  const chunks = [
    { type: 'start', messageId: '1' },
    { type: 'message-metadata', messageMetadata: { status: 'error', error: { code: 'silent' } } },
    { type: 'error', errorText: 'The model didn’t respond in time. Try again.' },
  ];
  await page.unroute('**/api/ai/chat');
  await page.route('**/api/ai/chat', (route) => route.fulfill({
    contentType: 'text/event-stream',
    body: [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((event) => `data: ${event}\n\n`).join(''),
  }));
  await page.getByRole('article').last().getByRole('button').first().click();
  await page.getByRole('alert').getByText('模型未及时作答，请重试。').waitFor();
  await shot(page, 'refused-zh');
  assert.deepEqual(lin.complaints, []);
  await context.close();
});
