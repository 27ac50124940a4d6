// The whole journey: register, ask, begin a new session, switch, reload, use another browser, and find everything as it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, baseUrl, becomes, composer, conversationText, launch, logIn, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, sessionRows, shot } from './browser.mjs';

let browser;
let ada;
const told = {};

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
});
after(() => browser.close());

test('a visitor registers and finds an empty page', async () => {
  await ada.page.goto(baseUrl);
  await shot(ada.page, 'login');
  await register(ada);
  await becomes(() => sessionRows(ada.page).count(), 0);
  assert.equal(new URL(ada.page.url()).href, baseUrl);
  await shot(ada.page, 'welcome');
});

test('the first question goes without a session id and the reply streams in', async () => {
  const { page } = ada;
  const reads = [];
  page.on('request', (request) => /\/(messages|stream)\b/.test(request.url()) && reads.push(request.url()));
  const posted = page.waitForRequest((request) => request.url().endsWith('api/ai/chat') && request.method() === 'POST');
  await send(page, 'Show me some markdown');
  assert.equal((await posted).postDataJSON().sessionId, undefined);

  await page.waitForFunction(() => (document.querySelector('[aria-label="Reply"]')?.textContent ?? '').length > 20);
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  const early = (await replies(page).last().innerText()).length;
  await shot(page, 'streaming');
  await replyEnded(page);
  const whole = (await replies(page).last().innerText()).length;
  assert.ok(whole > early, `the reply grew while it was shown: ${early} to ${whole}`);

  told.first = { id: sessionIdOf(page), text: await conversationText(page) };
  await becomes(() => sessionRows(page).count(), 1);
  assert.deepEqual(reads, [], 'the new session id does not disturb the running reply');
  await shot(page, 'reply');
});

test('a second question goes to the same session', async () => {
  const { page } = ada;
  const posted = page.waitForRequest((request) => request.url().endsWith('api/ai/chat') && request.method() === 'POST');
  await ask(page, 'Think about a chess board');
  assert.equal((await posted).postDataJSON().sessionId, told.first.id);
  assert.equal(sessionIdOf(page), told.first.id);
  await becomes(() => sessionRows(page).count(), 1);
  await becomes(() => replies(page).count(), 2);
  told.first.text = await conversationText(page);
});

test('a new session starts empty, without a call to the server', async () => {
  const { page } = ada;
  const calls = [];
  const note = (request) => request.url().includes('/api/') && calls.push(`${request.method()} ${request.url()}`);
  page.on('request', note);
  await newSession(page);
  assert.equal(new URL(page.url()).href, baseUrl);
  page.off('request', note);
  assert.deepEqual(calls, []);

  await ask(page, 'Tell me about the night');
  told.second = { id: sessionIdOf(page), text: await conversationText(page) };
  assert.notEqual(told.second.id, told.first.id);
  await becomes(() => sessionRows(page).count(), 2);
});

test('switching shows each session as it was', async () => {
  const { page } = ada;
  const row = (title) => sessionRows(page).getByText(title);
  await row('Show me some markdown').click();
  await page.waitForURL(`**/s/${told.first.id}`);
  await replyEnded(page);
  await becomes(() => conversationText(page), told.first.text);

  await row('Tell me about the night').click();
  await page.waitForURL(`**/s/${told.second.id}`);
  await replyEnded(page);
  await becomes(() => conversationText(page), told.second.text);

  await page.goBack();
  await page.waitForURL(`**/s/${told.first.id}`);
  await replyEnded(page);
  await becomes(() => conversationText(page), told.first.text);
});

test('a reload comes back to the same session, still logged in', async () => {
  const { page } = ada;
  await page.reload();
  await replyEnded(page);
  assert.equal(sessionIdOf(page), told.first.id);
  await becomes(() => conversationText(page), told.first.text);
  await becomes(() => sessionRows(page).count(), 2);
  await shot(page, 'reloaded');
});

test('a reload in the middle of a reply joins it again', async () => {
  const { page } = ada;
  await send(page, 'Show me a table');
  const three = () => page.waitForFunction(() => document.querySelectorAll('[aria-label="Reply"]').length === 3);
  await three();
  await page.reload();
  await three(); // wait for its end only now that it is joined
  await replyEnded(page);
  told.first.text = await conversationText(page);
});

test('stopping a reply keeps what was shown of it', async () => {
  const { page } = ada;
  await send(page, 'Please give me a long answer');
  const shownText = async () => (await conversationText(page)).at(-1);
  await page.waitForFunction(() => {
    const all = document.querySelectorAll('[aria-label="Reply"]');
    return all.length === 4 && all[3].textContent.length > 200;
  });
  await page.getByRole('button', { name: 'Stop' }).click();
  await replyEnded(page);
  const kept = (await shownText()).slice(0, 150);
  await page.reload();
  await replyEnded(page);
  assert.equal((await shownText()).slice(0, 150), kept);
  told.first.text = await conversationText(page);
});

test('logging in from another browser shows everything as it was', async () => {
  const phone = { ...(await newVisitor(browser)), username: ada.username };
  await phone.page.goto(new URL(`s/${told.first.id}`, baseUrl).href);
  await logIn(phone);
  await replyEnded(phone.page);
  await becomes(() => conversationText(phone.page), told.first.text);
  await becomes(() => sessionRows(phone.page).count(), 2);
  assert.deepEqual(phone.complaints, []);
  await phone.context.close();
});

test('a session is renamed, and deleted', async () => {
  const { page } = ada;
  const row = sessionRows(page).filter({ hasText: 'Tell me about the night' });
  await row.hover();
  await row.getByRole('button', { name: /^More for/ }).click();
  await shot(page, 'session-menu');
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('Chat title').fill('Night thoughts');
  await page.getByLabel('Chat title').press('Enter');
  const renamed = sessionRows(page).filter({ hasText: 'Night thoughts' });
  await renamed.waitFor();
  await page.reload();
  await renamed.hover();
  await renamed.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await renamed.waitFor({ state: 'detached' });
  await becomes(() => sessionRows(page).count(), 1);
});

test('logging out ends the login for good', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  assert.equal(await composer(page).count(), 0);
});

test('the page kept to its Content-Security-Policy and its own origin', () => {
  assert.deepEqual(ada.complaints, []);
});
