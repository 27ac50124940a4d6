// A long session: it opens at its end, and earlier messages come in without moving what is being read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { baseUrl, launch, newVisitor, password, register, replyEnded, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

async function api(path, body, token) {
  const response = await fetch(new URL(`api/${path}`, baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response;
}

/** A session of so many turns: a new session takes the whole list that is posted. */
async function longSession(username, turns) {
  const { accessToken } = await (await api('auth/login', { username, password })).json();
  const text = (value) => [{ type: 'text', text: value }];
  const messages = Array.from({ length: turns - 1 }, (_, n) => [
    { id: `q${n}`, role: 'user', parts: text(`Question ${n}`) },
    { id: `a${n}`, role: 'assistant', parts: text(`Answer ${n}. ${'A line of the answer. '.repeat(12)}`) },
  ]).flat();
  messages.push({ id: 'last', role: 'user', parts: text('The last question') });
  const response = await api('ai/chat', { id: 'long', messages, trigger: 'submit-message' }, accessToken);
  await response.text();
  return response.headers.get('x-session-id');
}

test('a long session opens at its end and grows upwards in place', async () => {
  const { page } = ada;
  const id = await longSession(ada.username, 40);
  await page.goto(new URL(`s/${id}`, baseUrl).href);
  await replyEnded(page);
  const articles = page.getByRole('article');
  await articles.getByText('The last question', { exact: true }).waitFor();
  assert.equal(await articles.count(), 50);
  assert.ok(await articles.last().evaluate((element) => element.getBoundingClientRect().top < innerHeight), 'the end is on screen');

  const earlier = page.getByRole('button', { name: 'Earlier messages' });
  await earlier.scrollIntoViewIfNeeded();
  const first = await articles.first().elementHandle();
  const top = () => first.evaluate((element) => Math.round(element.getBoundingClientRect().top));
  const before = await top();
  await earlier.click();
  await articles.getByText('Question 0', { exact: true }).waitFor({ state: 'attached' });
  await earlier.waitFor({ state: 'detached' });
  assert.equal(await articles.count(), 80);
  assert.ok(Math.abs((await top()) - before) < 60, `what was read stays: ${before} to ${await top()}`);
  await shot(page, 'history');
});

test('a session that is not there is told, with a way on', async () => {
  const { page } = ada;
  await page.goto(new URL('s/1', baseUrl).href);
  await page.getByRole('alert').getByText('This session does not exist, or is not yours.').waitFor();
  await page.getByRole('alert').getByRole('button', { name: 'New session' }).click();
  await page.getByText(/^Good (morning|afternoon|evening|night)/).waitFor();
  assert.equal(page.url(), baseUrl);
});

test("another user's session is told in the same words", async () => {
  const id = await longSession(ada.username, 2);
  const eve = await newVisitor(browser);
  await register(eve);
  await eve.page.goto(new URL(`s/${id}`, baseUrl).href);
  await eve.page.getByRole('alert').getByText('This session does not exist, or is not yours.').waitFor();
  await eve.context.close();
});
