// Nothing that was sent is lost, whether the network, the tab, the login or the browser's storage fails; and nothing is sent
// twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { baseUrl, becomes, composer, launch, logIn, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, sessionRows, shot, write } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const chatUrl = '**/api/ai/chat';
const mine = (page) => page.getByRole('article', { name: 'You' });
const unsent = (page) => mine(page).filter({ hasText: 'Not sent.' });
const unsentChats = (page) => page.getByRole('region', { name: 'Not sent' }).getByRole('button');

/** No message reaches the server until `back()`; `ids` collects the ids of every attempt. */
async function cutOff(context, answer = (route) => route.abort('connectionrefused')) {
  const ids = [];
  await context.route(chatUrl, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    ids.push(route.request().postDataJSON().messages.at(-1).id);
    return answer(route);
  });
  return { ids, back: () => context.unroute(chatUrl) };
}

const refusal = (status, code, detail) => (route) =>
  route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify({ status, title: code, detail, code, requestId: 'test' }) });

async function storedTexts(visitor, sessionId) {
  const stored = await (await call('GET', `ai/sessions/${sessionId}/messages`, await tokenOf(visitor))).json();
  return stored.filter(({ role }) => role === 'user').map(({ parts }) => parts.find(({ type }) => type === 'text')?.text);
}

/** Everything that the browser stores for the page. */
const storage = (page) =>
  page.evaluate(async () => {
    const open = indexedDB.open('lamplight');
    const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)));
    const request = database.transaction('kept').objectStore('kept').getAll();
    const values = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const keys = database.transaction('kept').objectStore('kept').getAllKeys();
    const names = await new Promise((resolve) => (keys.onsuccess = () => resolve(keys.result)));
    database.close();
    const text = new TextDecoder('latin1');
    return { names, all: [...names, ...values.map((value) => text.decode(value)), ...Object.entries(localStorage).flat(), ...Object.entries(sessionStorage).flat()].join('\n') };
  });

async function logOut(page) {
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
}

test('a first message that could not be sent is there after a reload, and goes by itself, once, with its file', async () => {
  const { page, context } = ada;
  const network = await cutOff(context);
  await page.setInputFiles('input[type=file]', { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('what I noted') });
  await page.getByText('notes.txt').waitFor();
  await send(page, 'Written in a tunnel');
  await unsent(page).getByRole('alert').getByText('Can’t reach the server.').waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'outbox');
  await becomes(() => composer(page).inputValue(), '');

  await page.reload();
  await unsent(page).getByText('Written in a tunnel').waitFor();
  await unsent(page).getByText('notes.txt').waitFor();
  await newSession(page);
  await unsentChats(page).click();
  await unsent(page).getByText('Written in a tunnel').waitFor();
  await shot(page, 'outbox-list');

  await network.back();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await replyEnded(page);
  await becomes(() => unsent(page).count(), 0);
  await becomes(() => mine(page).count(), 1);
  assert.equal(new Set(network.ids).size, 1);
  assert.deepEqual(await storedTexts(ada, sessionIdOf(page)), ['Written in a tunnel']);
  await becomes(() => unsentChats(page).count(), 0);
  assert.deepEqual((await storage(page)).names, []);
});

test('a message to a session that is no longer on screen goes in the background, and the list says that it waits', async () => {
  const { page, context } = ada;
  const id = sessionIdOf(page);
  const network = await cutOff(context);
  await send(page, 'And one more thing');
  await unsent(page).waitFor();
  await newSession(page);
  await sessionRows(page).filter({ hasText: 'Written in a tunnel' }).getByRole('img', { name: 'not sent' }).waitFor();
  await network.back();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByRole('img', { name: 'not sent' }).waitFor({ state: 'detached' });
  assert.deepEqual(await storedTexts(ada, id), ['Written in a tunnel', 'And one more thing']);
  await sessionRows(page).filter({ hasText: 'Written in a tunnel' }).getByRole('link').click();
  await replyEnded(page);
  await becomes(() => mine(page).count(), 2);
});

test('a tab that crashes loses nothing', async () => {
  const { context } = ada;
  const network = await cutOff(context);
  const page = await context.newPage();
  await page.goto(baseUrl);
  await send(page, 'Last words');
  await unsent(page).waitFor();
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => {});
  await crashed;
  await page.close();
  const next = await context.newPage();
  await next.goto(baseUrl);
  await unsent(next).getByText('Last words').waitFor();
  await network.back();
  await next.evaluate(() => window.dispatchEvent(new Event('online')));
  await replyEnded(next);
  assert.equal(new Set(network.ids).size, 1);
  await next.close();
});

test('leaving the chat before the server answers loses nothing and sends it once', async () => {
  const { page, context } = ada;
  await newSession(page);
  let held;
  await context.route(chatUrl, (route) => (held === undefined ? (held = route) && undefined : route.fallback()));
  await send(page, 'Sent in a hurry');
  await mine(page).getByText('Sent in a hurry').waitFor();
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await context.unroute(chatUrl);
  await sessionRows(page).filter({ hasText: 'Sent in a hurry' }).filter({ hasNotText: 'not sent' }).getByRole('button', { name: /^More/ }).waitFor({ state: 'attached' });
  await sessionRows(page).filter({ hasText: 'Sent in a hurry' }).getByRole('link').click();
  await replyEnded(page);
  assert.deepEqual(await storedTexts(ada, sessionIdOf(page)), ['Sent in a hurry']);
});

test('a log-out keeps it for its writer only: nobody can read it, and nobody else is shown it', async () => {
  const { page, context } = ada;
  await newSession(page);
  const network = await cutOff(context);
  await page.setInputFiles('input[type=file]', { name: 'diary.txt', mimeType: 'text/plain', buffer: Buffer.from('dear diary') });
  await page.getByText('diary.txt').waitFor();
  await send(page, 'For nobody but me');
  await unsent(page).waitFor();
  await page.setInputFiles('input[type=file]', { name: 'plans.txt', mimeType: 'text/plain', buffer: Buffer.from('my plans') });
  await page.getByText('plans.txt').waitFor();
  await composer(page).fill('an unfinished thought');
  await logOut(page);
  const { all } = await storage(page);
  for (const secret of ['nobody but me', 'diary', 'plans', 'unfinished', Buffer.from('dear diary').toString('base64')])
    assert.ok(!all.includes(secret), `"${secret}" lies in the browser after the log-out`);

  const eve = { page, username: `eve-${ada.username}`, base: baseUrl };
  await register(eve);
  assert.equal(await mine(page).count(), 0);
  assert.equal(await unsentChats(page).count(), 0);
  assert.equal(await page.getByText('plans.txt').count(), 0);
  await network.back();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForTimeout(1500);
  assert.equal(await sessionRows(page).count(), 0, 'nothing of hers is sent as somebody else');
  await logOut(page);

  await logIn(ada);
  await page.getByText('plans.txt').waitFor();
  await becomes(() => composer(page).inputValue(), 'an unfinished thought');
  await replies(page).first().waitFor();
  await replyEnded(page);
  assert.deepEqual(await storedTexts(ada, sessionIdOf(page)), ['For nobody but me']);
  await composer(page).fill('');
});

test('a login that ends while the message is on its way: it goes when its writer is back', async () => {
  const { page, context } = ada;
  const network = await cutOff(context, refusal(401, 'unauthenticated', 'Log in first.'));
  await context.route('**/api/auth/refresh', refusal(401, 'unauthenticated', 'Log in first.'));
  await write(page, 'Words worth keeping');
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await context.unroute('**/api/auth/refresh');
  await network.back();
  await logIn(ada);
  await replies(page).last().getByText('You said: Words worth keeping').waitFor();
  await replyEnded(page);
  await becomes(() => mine(page).filter({ hasText: 'Words worth keeping' }).count(), 1);
});

test('what the server refuses for good is not sent again by itself; it goes back to where it was written, or away', async () => {
  const { page, context } = ada;
  const network = await cutOff(context, refusal(413, 'message_too_large', 'Too large.'));
  await page.setInputFiles('input[type=file]', { name: 'huge.txt', mimeType: 'text/plain', buffer: Buffer.from('not really') });
  await page.getByText('huge.txt').waitFor();
  await send(page, 'Too much of a good thing');
  await unsent(page).getByText('A message can be at most 12 MB.').waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForTimeout(1500);
  assert.equal(network.ids.length, 1);
  await page.reload();
  await unsent(page).getByText('A message can be at most 12 MB.').waitFor();
  await page.waitForTimeout(1500);
  assert.equal(network.ids.length, 1);
  await unsent(page).getByRole('button', { name: 'Edit' }).click();
  await becomes(() => composer(page).inputValue(), 'Too much of a good thing');
  await page.getByRole('list', { name: 'Attached files' }).getByText('huge.txt').waitFor();
  await becomes(() => unsent(page).count(), 0);

  await composer(page).press('Enter');
  await unsent(page).getByRole('button', { name: 'Discard' }).click();
  await unsent(page).waitFor({ state: 'detached' });
  // It was a mistake: everything is back, even after a reload.
  await page.getByRole('button', { name: 'Undo' }).click();
  await unsent(page).getByText('Too much of a good thing').waitFor();
  await unsent(page).getByText('huge.txt').waitFor();
  await page.reload();
  await unsent(page).getByText('Too much of a good thing').waitFor();
  await unsent(page).getByRole('button', { name: 'Discard' }).click();
  await unsent(page).waitFor({ state: 'detached' });
  await network.back();
  await page.reload();
  await replyEnded(page);
  await becomes(() => unsent(page).count(), 0);
});

test('two tabs: both show it, and one sends it', async () => {
  const { page, context } = ada;
  const other = await context.newPage();
  await other.goto(page.url());
  await replyEnded(other);
  const network = await cutOff(context);
  const script = await play(says('Heard you.'));
  await send(page, `Anybody there? ${script.mark}`);
  for (const tab of [page, other]) await unsent(tab).getByText('Anybody there?').waitFor();
  await network.back();
  await Promise.all([page, other].map((tab) => tab.evaluate(() => window.dispatchEvent(new Event('online')))));
  for (const tab of [page, other]) {
    await replies(tab).last().getByText('Heard you.').waitFor();
    await replyEnded(tab);
    await mine(tab).getByText('Anybody there?').waitFor();
    await becomes(() => unsent(tab).count(), 0);
  }
  assert.equal((await script.log()).length, 1);
  await other.close();
});

test('a message that is written while a reply runs waits for its end; "stop" keeps it back, "stop and send now" does not wait', async () => {
  const { page } = ada;
  await newSession(page);
  const first = await play(saysSlowly('One. ', 'Two.'));
  const second = await play(saysSlowly('Three. ', 'Four.'));
  const third = await play(says('Five.'));
  await send(page, `Count ${first.mark}`);
  await replies(page).last().getByText('One.').waitFor();
  await write(page, `Go on ${second.mark}`);
  await mine(page).last().getByText('Will be sent after this reply').waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'queued');
  await page.reload();
  await mine(page).last().getByText('Will be sent after this reply').waitFor();
  assert.equal((await second.log()).length, 0);
  await first.open('1');
  await first.open('2');
  await replies(page).last().getByText('Three.').waitFor();
  await becomes(() => mine(page).count(), 2);

  await write(page, `And then ${third.mark}`);
  await mine(page).last().getByText('Will be sent after this reply').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await unsent(page).waitFor();
  await page.waitForTimeout(1500);
  assert.equal((await third.log()).length, 0);
  await unsent(page).getByRole('button', { name: 'Send now' }).click();
  await replies(page).last().getByText('Five.').waitFor();
  await replyEnded(page);

  const fourth = await play(saysSlowly('Six. ', 'Seven.'));
  const fifth = await play(says('Eight.'));
  await send(page, `More ${fourth.mark}`);
  await replies(page).last().getByText('Six.').waitFor();
  await write(page, `Enough ${fifth.mark}`);
  await page.getByRole('button', { name: 'Stop and send now' }).click();
  await replies(page).last().getByText('Eight.').waitFor();
  await replyEnded(page);
  await becomes(() => mine(page).count(), 5);
  await becomes(() => unsent(page).count(), 0);
});

test('an edit that is being written survives a reload; one that could not be sent, too; it is a branch once', async () => {
  const { page, context } = ada;
  await newSession(page);
  for (const text of ['First', 'Second']) {
    await send(page, text);
    await replies(page).last().getByText(`You said: ${text}`).waitFor();
    await replyEnded(page);
  }
  await composer(page).press('ArrowUp');
  const form = page.getByRole('textbox', { name: 'Edit message' });
  await becomes(() => form.inputValue(), 'Second');
  await form.fill('Second, but better');
  await page.reload();
  await becomes(() => form.inputValue(), 'Second, but better');
  const network = await cutOff(context);
  await form.press('Enter');
  await unsent(page).getByText('Second, but better').waitFor();
  await mine(page).getByText('Second', { exact: true }).waitFor(); // the earlier message stays
  await page.reload();
  await unsent(page).getByText('Second, but better').waitFor();
  await network.back();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await replies(page).last().getByText('You said: Second, but better').waitFor();
  await replyEnded(page);
  assert.equal(new Set(network.ids).size, 1);
  await becomes(() => mine(page).count(), 2);
  await mine(page).last().getByText('2/2').waitFor();
});

test('a message of the day before yesterday does not go by itself', async () => {
  const { page, context } = ada;
  await newSession(page);
  const network = await cutOff(context);
  await page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() - 48 * 3600 * 1000;
  });
  await send(page, 'Old news');
  await unsent(page).waitFor();
  await network.back();
  await page.reload();
  await unsent(page).getByText('Written on').waitFor();
  await page.waitForTimeout(1500);
  await becomes(() => unsent(page).count(), 1);
  await unsent(page).getByRole('button', { name: 'Try again' }).click();
  await replyEnded(page);
  await becomes(() => mine(page).count(), 1);
});

for (const [what, breakStorage] of [
  ['keeps nothing', () => Object.defineProperty(window, 'indexedDB', { get: () => undefined })],
  ['is full', () => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  }],
  ['refuses to open', () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('no', 'SecurityError');
    };
  }],
])
  test(`a browser that ${what}: the message is there as long as the tab, which says so and asks before it closes`, async () => {
    const visitor = { ...(await newVisitor(browser)), username: ada.username };
    const { page, context, complaints } = visitor;
    await page.addInitScript(breakStorage);
    await page.goto(baseUrl);
    await logIn(visitor);
    await composer(page).waitFor();
    const network = await cutOff(context);
    await send(page, 'In private');
    await unsent(page).getByText('Keep this tab open').waitFor();
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    await (await asked).dismiss();
    await network.back();
    await page.getByRole('button', { name: 'Try again' }).click();
    await replyEnded(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
