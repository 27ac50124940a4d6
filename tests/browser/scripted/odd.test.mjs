// What the page seldom receives: messages unlike any of our replies, replies that would block it, temporary refusals, and
// causes of failures.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { query } from '../../support/db.mjs';
import { violations } from '../access.mjs';
import { baseUrl, becomes, composer, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { refuses, says, thinks } from './scripts.mjs';

let browser;
let ada;
let page;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

const end = { type: 'text', text: 'The end of it.' };
const createTime = new Date().toISOString();
const odd = {
  'no metadata': [],
  'no createTime': [[], { model: 'm', status: 'complete' }],
  'createTime junk': [[], { createTime: '<script>' }],
  'usage text': [[], { createTime, usage: { inputTokens: '<script>' } }],
  'usage null': [[], { createTime, usage: null }],
  'status junk': [[], { createTime, status: '<b>' }],
  'model number': [[], { createTime, model: 5 }],
  'model object': [[], { createTime, model: {} }],
  'finishReason object': [[], { createTime, finishReason: {} }],
  'siblings junk': [[], { createTime, siblings: 'x' }],
  'error junk': [[], { createTime, status: 'error', error: [5], context: { leftOut: 'many' } }],
  'tool name odd': [[{ type: 'tool-<b>', toolCallId: 't', state: 'output-available', input: {}, output: 'x' }]],
  'source with a script': [[{ type: 'source-url', sourceId: 's', url: 'javascript:1', title: 'x' }]],
  'file svg': [[{ type: 'file', mediaType: 'image/svg+xml', url: 'data:image/svg+xml,<svg/>' }]],
  'data part': [[{ type: 'data-x', data: '<script>' }]],
};

/**
 * A session whose second message is this one. Its metadata goes straight into the table, because the server may refuse such
 * metadata from a client today.
 */
async function seeded(parts = [], metadata = undefined) {
  const script = await play(says('Well.'));
  const text = (id, text) => ({ id, role: 'user', parts: [{ type: 'text', text }] });
  const messages = [text('u1', 'First'), { id: 'a1', role: 'assistant', parts: [...parts, end] }, text('u2', `Then ${script.mark}`)];
  const response = await call('POST', 'ai/chat', await tokenOf(ada), { id: `odd-${Date.now()}-${Math.random()}`, messages, trigger: 'submit-message' });
  const id = response.headers.get('x-session-id');
  await response.text();
  if (metadata !== undefined) {
    const { affectedRows } = await query("UPDATE message SET metadata = ? WHERE session_id = ? AND role = 'assistant'", [JSON.stringify(metadata), id]);
    assert.ok(affectedRows > 0);
  }
  return id;
}

for (const [name, [parts, metadata]] of Object.entries(odd)) {
  test(`odd messages: ${name}`, async () => {
    await page.goto(new URL(`s/${await seeded(parts, metadata)}`, baseUrl).href);
    await replies(page).first().getByText('The end of it.').waitFor();
    await replies(page).last().getByText('Well.').waitFor();
    assert.equal(await page.getByText('This page can’t be shown.').count(), 0);
    await becomes(() => replies(page).last().getByRole('button', { name: 'Reply again' }).count(), 1);
  });
}

test('what the model did not see is said below the reply', async () => {
  const context = { tokens: 30000, limit: 32768, leftOut: 3 };
  await page.goto(new URL(`s/${await seeded([], { createTime, status: 'complete', context })}`, baseUrl).href);
  await replies(page).last().getByText('The model didn’t see 3 earlier messages or their files, because this chat is too long for it.').waitFor();
  await replies(page).last().getByText('Well.').waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'left-out');
});

const deep = Array.from({ length: 400 }, (_, i) => `${'  '.repeat(i)}- level ${i}`).join('\n');

test('a reply of 400 nested lists, and thoughts of as many, are shown as they are, at once', async () => {
  await newSession(page);
  const script = await play(thinks(deep, deep, '\n\nThat was deep.'));
  await send(page, `How deep? ${script.mark}`);
  await page.getByText('Thinking…').waitFor();
  await page.locator('summary', { hasText: 'Thinking…' }).click();
  await replies(page).last().getByText('level 399').waitFor();
  await script.open('thought');
  await replyEnded(page);
  for (const after of ['streamed', 'reloaded']) {
    const reply = replies(page).last();
    await reply.locator('p.plain-text', { hasText: 'That was deep.' }).waitFor();
    assert.equal(await reply.locator('li').count(), 0, after);
    if (after === 'reloaded') await reply.locator('summary').click();
    await becomes(() => reply.locator('details p.plain-text').count(), 1, after);
    if (after === 'streamed') await page.reload();
  }
});

test('why a reply failed is the same sentence live, after a reload and in another language', async () => {
  await newSession(page);
  const script = await play(refuses(401));
  await send(page, `No key ${script.mark}`);
  const sentence = "The model rejected this server’s API key. Tell your administrator.";
  await replies(page).last().getByRole('alert').filter({ hasText: sentence }).waitFor();
  await page.reload();
  await replies(page).last().getByRole('alert').filter({ hasText: sentence }).waitFor();
  await becomes(() => page.getByRole('alert').count(), 1);
  assert.deepEqual(await violations(page), []);
  await shot(page, 'fault-stored');
  await page.evaluate(() => localStorage.setItem('lamplight.language', '{"state":{"chosen":"zh-CN"},"version":0}'));
  await page.reload();
  await page.getByRole('alert').filter({ hasText: /管理员/ }).waitFor();
  await page.evaluate(() => localStorage.setItem('lamplight.language', '{"state":{"chosen":"en"},"version":0}'));
  await page.reload();
  await page.getByRole('alert').waitFor();
});

const problem = (status, body, headers = {}) => ({
  status, headers, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', status, title: body.code, detail: 'In English.', ...body }),
});

for (const [name, answer, sentence] of [
  ['too often', problem(429, { code: 'rate_limited', limit: { scope: 'user', waitSeconds: 20 } }), 'Too many requests. Try again in 20 seconds.'],
  ['no messages left', problem(429, { code: 'messages_used_up', limit: { scope: 'user', waitSeconds: 7200 } }), 'You’ve used all your messages for today. You’ll get more in 2 hours.'],
  ['too many at once', problem(429, { code: 'too_many_at_once', limit: { scope: 'user', waitSeconds: 1 } }), 'Too many of your requests are running at once. Wait until one finishes, then try again.'],
  ['no room left', problem(403, { code: 'storage_full' }), 'Your storage is full. Delete some chats you no longer need.'],
]) {
  test(`a send that is refused (${name}) says so, and can be repeated`, async () => {
    await newSession(page);
    const script = await play(says('Here it is.'));
    await page.route('**/api/ai/chat', (route) => route.fulfill(answer), { times: 1 });
    await send(page, `Take this ${script.mark}`);
    await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await replies(page).last().getByText('Here it is.').waitFor();
    await becomes(() => page.getByRole('article', { name: 'You' }).count(), 1);
  });
}

test('a reply that may not be followed for a moment is followed then', async () => {
  await newSession(page);
  const script = await play(thinks('Hm.', 'And that is all.'));
  await send(page, `Wait for it ${script.mark}`);
  await page.getByText('Thinking…').waitFor();
  let refused = 0;
  await page.route('**/api/ai/chat/*/stream', (route) => (refused++ < 2 ? route.fulfill(problem(429, { code: 'too_many_at_once' }, { 'retry-after': '1' })) : route.fallback()));
  // The third request passes, and only then the reply goes on; otherwise the page reads it from the history and nobody
  // follows it.
  const third = page.waitForRequest((request) => request.url().endsWith('/stream') && refused >= 2);
  await page.reload();
  await third;
  await script.open('thought');
  await replies(page).last().getByText('And that is all.').waitFor();
  await replyEnded(page);
  assert.ok(refused > 2);
  await becomes(() => page.getByRole('alert').count(), 0);
  await page.unroute('**/api/ai/chat/*/stream');
});

test('what is searched for stands in no address', async () => {
  const addresses = [];
  const note = (request) => addresses.push(request.url());
  page.on('request', note);
  await page.getByLabel('Search chats').fill('wait for it');
  await page.getByRole('navigation', { name: 'Search results' }).getByRole('listitem').first().waitFor();
  page.off('request', note);
  assert.ok(addresses.some((address) => address.endsWith('/api/ai/search')));
  for (const address of [...addresses, page.url()]) assert.doesNotMatch(decodeURIComponent(address), /wait/i);
  await becomes(() => composer(page).inputValue(), '');
  assert.match(sessionIdOf(page), /^\d+$/);
});
