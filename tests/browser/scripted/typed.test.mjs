// What people type and attach is never lost and never ends up elsewhere: while the first message creates its chat, in two
// tabs, while the page loads, where the browser stores nothing, and while a reply runs in another tab.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { becomes, composer, launch, logIn, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf } from '../browser.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;
let page;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
});
after(() => browser.close());

const typed = (of = page) => composer(of).inputValue();
const files = (of = page) => of.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const attach = (name, of = page, text = name) => of.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
const names = async (of = page) => (await files(of).allInnerTexts()).map((text) => /[\w-]+\.txt/.exec(text)?.[0]).sort();

/** Opens another tab of the same browser, at the same place. */
async function tab(path = new URL(page.url()).pathname) {
  const other = await ada.context.newPage();
  await other.goto(new URL(path, page.url()).href);
  await composer(other).waitFor();
  return other;
}

/** Holds messages back from the server until the returned function is called. */
async function holdSends() {
  let go;
  const held = new Promise((resolve) => { go = resolve; });
  await page.route('**/api/ai/chat', async (route) => {
    await held;
    await route.continue();
  });
  return go;
}

async function chat(text) {
  await newSession(page);
  const script = await play(says('An answer.'), says('Another answer.'), says('A third answer.'));
  await send(page, `${text} ${script.mark}`);
  await replyEnded(page);
  return script;
}

for (const [name, first] of [['a new chat', async () => {}], ['a temporary chat', () => page.getByRole('button', { name: 'Temporary chat' }).click()]])
  test(`${name}: what is typed and attached while its first message goes out stays with it`, async () => {
    await newSession(page);
    await first();
    const script = await play(says('An answer.'), says('Another one.'));
    const letGo = await holdSends();
    await composer(page).fill(`The first ${script.mark}`);
    await composer(page).press('Enter');
    await becomes(typed, '');
    await attach('second-thought.txt');
    await files().getByText('second-thought.txt').waitFor();
    await composer(page).pressSequentially('and one more', { delay: 20 });
    await composer(page).evaluate((field) => field.setSelectionRange(3, 3));
    letGo();
    await replyEnded(page);
    await page.unroute('**/api/ai/chat');
    await becomes(() => new URL(page.url()).pathname.includes('/s/'), true);
    assert.equal(await typed(), 'and one more');
    assert.equal(await composer(page).evaluate((field) => field.selectionStart), 3, 'the cursor stays');
    assert.deepEqual(await names(), ['second-thought.txt']);
    await page.reload();
    await becomes(typed, 'and one more');
    await becomes(names, ['second-thought.txt']);
    await newSession(page);
    await becomes(typed, '');
    assert.deepEqual(await names(), []);
    await page.goBack();
    await becomes(typed, 'and one more');
    await replyEnded(page);
    await composer(page).press('Enter');
    await becomes(() => replies(page).count(), 2);
    assert.equal(await typed(), '');
    assert.deepEqual(await names(), []);
  });

test('another tab\'s draft for a new chat stays in that tab', async () => {
  await newSession(page);
  const script = await play(says('An answer.'));
  const letGo = await holdSends();
  await composer(page).fill(`The first ${script.mark}`);
  await composer(page).press('Enter');
  await becomes(typed, '');
  const other = await tab(new URL(ada.base).pathname);
  await newSession(other); // it begins with the message that waits
  await composer(other).pressSequentially('for another chat');
  letGo();
  await replyEnded(page);
  await page.unroute('**/api/ai/chat');
  await becomes(() => new URL(page.url()).pathname.includes('/s/'), true);
  assert.equal(await typed(), '');
  assert.equal(await typed(other), 'for another chat');
  await composer(other).fill('');
  await other.close();
});

test('two tabs: each adds its files and takes away its own; what one has sent the other does not send again', async () => {
  const script = await chat('Files in two tabs');
  const other = await tab();
  await attach('one.txt');
  await becomes(() => names(other), ['one.txt']);
  await attach('two.txt', other);
  await becomes(names, ['one.txt', 'two.txt']);
  await page.reload();
  await becomes(names, ['one.txt', 'two.txt']);
  await page.getByRole('button', { name: 'Remove one.txt' }).click();
  await becomes(() => names(other), ['two.txt']);
  await composer(other).fill(`Here ${script.mark}`);
  await composer(other).press('Enter');
  await replyEnded(other);
  await becomes(names, []);
  await becomes(async () => JSON.stringify((await script.requests()).at(-1)).includes('two.txt'), true);
  await other.close();
});

test('a file that waits is there beside one that is added while the page loads', async () => {
  await chat('A file of yesterday');
  await attach('yesterday.txt', page, 'long ago '.repeat(200_000));
  await files().getByText('yesterday.txt').waitFor();
  await page.reload({ waitUntil: 'commit' });
  await composer(page).waitFor();
  await attach('today.txt');
  await becomes(names, ['today.txt', 'yesterday.txt']);
  await page.reload();
  await becomes(names, ['today.txt', 'yesterday.txt']);
});

test('a browser that keeps nothing says so once, and what is typed is there as long as the page is: whatever another tab types, and after the log-in has ended', async () => {
  await chat('A full disk');
  const other = await tab();
  await page.evaluate(() => {
    const { setItem } = Storage.prototype;
    window.keepAgain = () => {
      Storage.prototype.setItem = setItem;
    };
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await composer(page).pressSequentially('a paragraph that took an hour');
  await page.getByText('This browser’s storage is full or blocked.').waitFor();
  await newSession(other);
  await composer(other).fill('x');
  await other.waitForFunction(() => Object.keys(localStorage).some((name) => name.endsWith('/new')));
  assert.equal(await typed(), 'a paragraph that took an hour');
  const asks = page.waitForEvent('dialog');
  const leaves = page.close({ runBeforeUnload: true });
  const dialog = await asks;
  assert.equal(dialog.type(), 'beforeunload');
  await dialog.dismiss();
  await leaves;
  assert.equal(await typed(), 'a paragraph that took an hour');
  await composer(other).fill('');
  await other.close();
  await ada.context.clearCookies();
  await page.route('**/api/auth/refresh', (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"code":"unauthenticated","detail":"no"}' }));
  await page.route('**/api/ai/sessions*', (route) => route.fulfill({ status: 401, contentType: 'application/json', body: '{"code":"unauthenticated","detail":"no"}' }));
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await page.evaluate(() => window.keepAgain());
  await page.unroute('**/api/auth/refresh');
  await page.unroute('**/api/ai/sessions*');
  await logIn(ada);
  await becomes(typed, 'a paragraph that took an hour');
  await composer(page).fill('');
  await page.reload();
  await composer(page).waitFor();
});

const editForm = (of = page) => of.getByRole('textbox', { name: 'Edit message' });

test('two tabs: a message that is being changed in one stays so when the form is closed in the other', async () => {
  await chat('To be changed');
  await page.getByRole('button', { name: 'Edit message' }).click();
  await editForm().fill('Changed at length');
  const other = await tab();
  await becomes(() => editForm(other).inputValue(), 'Changed at length');
  await other.getByRole('button', { name: 'Cancel' }).click();
  await editForm(other).waitFor({ state: 'detached' });
  assert.equal(await editForm().inputValue(), 'Changed at length');
  await editForm().press('End');
  await editForm().pressSequentially(', and more');
  await page.reload();
  await becomes(() => editForm().inputValue(), 'Changed at length, and more');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await other.close();
});

test('a message that is being changed stays under the fingers while a reply runs that another tab has asked for; it is sent afterwards', async () => {
  await chat('Changed meanwhile');
  await page.getByRole('button', { name: 'Edit message' }).click();
  await editForm().fill('Half of');
  const script = await play(saysSlowly('It takes ', 'its time.'), says('As changed.'));
  const other = await tab();
  await composer(other).fill(`Slowly ${script.mark}`);
  await composer(other).press('Enter');
  await replies(page).last().getByText('It takes').waitFor();
  await editForm().pressSequentially(' a sentence');
  assert.equal(await editForm().inputValue(), 'Half of a sentence');
  assert.ok(await editForm().evaluate((field) => field === document.activeElement));
  assert.ok(await page.locator('form', { has: editForm() }).getByRole('button', { name: 'Send' }).isDisabled());
  for (const gate of ['1', '2']) await script.open(gate);
  await replies(page).last().getByText('its time.').waitFor();
  await other.close();
  await editForm().fill(`Half of a sentence ${script.mark}`);
  await page.locator('form', { has: editForm() }).getByRole('button', { name: 'Send', disabled: false }).click();
  await replies(page).last().getByText('As changed.').waitFor();
  assert.ok(sessionIdOf(page));
});
