// Something on the screen disappears because of an action elsewhere: the chat is deleted, the login is ended, the account is
// deleted, or the administrator's role is withdrawn. The page says so by itself, and typed text is not lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lamplight } from '../../support/instance.mjs';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { becomes, composer, launch, logIn, newSession, newVisitor, password, register, replies, replyEnded, send, sessionIdOf, sessionRows, shot, write } from '../browser.mjs';
import { call, seedSession, tokenOf } from '../seed.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;
let tab;
let phone;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  tab = await ada.context.newPage();
  await tab.goto(ada.base);
  await composer(tab).waitFor();
  phone = { ...(await newVisitor(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })), username: ada.username };
  await phone.page.goto(phone.base);
  await logIn(phone);
  await composer(phone.page).waitFor();
});
after(async () => {
  assert.deepEqual([...ada.complaints, ...phone.complaints], []);
  await browser.close();
});

const deleted = (page) => page.getByText('This chat was deleted in another tab or on another device.');
const open = async (page, id) => {
  await page.goto(new URL(`s/${id}`, ada.base).href);
  await page.getByRole('article', { name: 'You' }).first().waitFor();
};
const newChat = (page) => page.locator('main').getByRole('button', { name: 'New chat', exact: true }).click();
/** Deletes the chat elsewhere, without the knowledge of this browser. */
const deleteElsewhere = async (id) => call('DELETE', `ai/sessions/${id}`, await tokenOf(ada));

test('a chat deleted in another tab disappears, and its draft moves to a new chat', async () => {
  const id = await seedSession(await tokenOf(ada), 'A question of long ago');
  await open(ada.page, id);
  await open(tab, id);
  await composer(tab).fill('half a thought');
  await tab.locator('input[type=file]').setInputFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('notes') }]);
  await tab.getByRole('article', { name: 'You' }).hover();
  await tab.getByRole('button', { name: 'Edit message' }).click();
  await tab.getByRole('textbox', { name: 'Edit message' }).fill('A better question');
  await ada.page.getByRole('button', { name: 'More for this chat' }).click();
  await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
  await deleted(tab).waitFor();
  assert.equal(await tab.getByText('A question of long ago').count(), 0);
  await becomes(() => composer(tab).inputValue(), 'half a thought\n\nA better question');
  assert.deepEqual(await violations(tab), []);
  await shot(tab, 'deleted-elsewhere');
  await composer(tab).press('Enter');
  assert.notEqual(await composer(tab).inputValue(), '', 'it goes nowhere unasked');
  await newChat(tab);
  await tab.getByText(/^Good /).waitFor();
  assert.equal(await composer(tab).inputValue(), 'half a thought\n\nA better question');
  await tab.getByRole('list', { name: 'Attached files' }).getByText('notes.txt').waitFor();
  await tab.getByRole('button', { name: 'Send', exact: true }).click();
  await replyEnded(tab);
  await tab.getByRole('article', { name: 'You' }).getByText('half a thought').waitFor();
});

test('while its reply is running, on another device; a message that waited is among those that are not sent', async () => {
  const script = await play(saysSlowly('It is coming '));
  await newSession(ada.page);
  await send(ada.page, `Tell me more ${script.mark}`);
  await replies(ada.page).last().getByText('It is coming').waitFor();
  const id = sessionIdOf(ada.page);
  await write(ada.page, 'And then this');
  await ada.page.getByText('Will be sent after this reply').waitFor();
  await deleteElsewhere(id);
  await deleted(ada.page).waitFor({ timeout: 60_000 });
  await script.open('1');
  const unsent = ada.page.getByRole('region', { name: 'Not sent' }).getByRole('button', { name: 'And then this' });
  await unsent.click();
  await ada.page.getByText('The chat was deleted. Not sent.').waitFor();
  await ada.page.getByRole('button', { name: 'Try again' }).click();
  await replies(ada.page).getByText('You said: And then this').waitFor();
  await replyEnded(ada.page);
});

test('on a phone that comes back from the pocket; after a reload, too, what was typed is kept', async () => {
  const id = await seedSession(await tokenOf(ada), 'Something for the way');
  await open(phone.page, id);
  await composer(phone.page).fill('on my way');
  await deleteElsewhere(id);
  await phone.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await deleted(phone.page).waitFor();
  await shot(phone.page, 'phone-deleted-elsewhere');
  await phone.page.reload();
  await phone.page.getByText('This chat doesn’t exist, or you don’t have access to it.').waitFor();
  await newChat(phone.page);
  assert.equal(await composer(phone.page).inputValue(), 'on my way');
  await composer(phone.page).fill('');
});

test('a chat that was deleted before it is opened again gives what was typed for it to a new one', async () => {
  const id = await seedSession(await tokenOf(ada), 'Where did I write that?');
  await open(tab, id);
  await composer(tab).fill('written here');
  await tab.goto('about:blank');
  await deleteElsewhere(id);
  await tab.goto(new URL(`s/${id}`, ada.base).href);
  await tab.getByText('This chat doesn’t exist').waitFor();
  await becomes(() => composer(tab).inputValue(), 'written here');
  await newChat(tab);
  await composer(tab).fill('');
});

test('what is renamed, pinned and archived on another device is seen when the window is looked at', async () => {
  const token = await tokenOf(ada);
  const [renamed, pinned, archived] = [await seedSession(token, 'Wants a name'), await seedSession(token, 'Wants to be up'), await seedSession(token, 'Wants to rest')];
  await ada.page.reload();
  await sessionRows(ada.page).filter({ hasText: 'Wants to rest' }).waitFor();
  await call('PATCH', `ai/sessions/${renamed}`, token, { title: 'Has a name' });
  await call('PATCH', `ai/sessions/${pinned}`, token, { pinned: true });
  await call('PATCH', `ai/sessions/${archived}`, token, { archived: true });
  await ada.page.waitForTimeout(4000); // the page asks no more often than that
  await ada.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await sessionRows(ada.page).filter({ hasText: 'Has a name' }).waitFor();
  await ada.page.getByRole('region', { name: 'Pinned' }).getByText('Wants to be up').waitFor();
  await becomes(() => sessionRows(ada.page).filter({ hasText: 'Wants to rest' }).count(), 0);
});

test('the administrator’s pages are left when the role is taken away', async () => {
  const eve = await newVisitor(browser);
  await register(eve);
  // This administrator stays, because the last one cannot be removed.
  lamplight('user', 'role', ada.username, 'admin');
  lamplight('user', 'role', eve.username, 'admin');
  await eve.page.goto(`${eve.base}#users`);
  await eve.page.reload();
  await eve.page.getByRole('main').getByText(eve.username, { exact: true }).first().waitFor();
  lamplight('user', 'role', eve.username, 'user');
  await eve.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await eve.page.getByText('Only administrators can see this.').waitFor();
  assert.equal(await eve.page.getByText(ada.username).count(), 0);
  await eve.page.getByRole('button', { name: 'Back to the chat' }).click();
  await composer(eve.page).waitFor();
  assert.deepEqual(eve.complaints, []);
  await eve.context.close();
});

test('another password ends the log-in here; who logs in again finds what was typed', async () => {
  await composer(ada.page).fill('not finished yet');
  await call('POST', 'me/password', await tokenOf(ada), { password, newPassword: 'another lamp in the window' });
  await ada.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await ada.page.getByText('You’ve been logged out. Please log in again.').waitFor();
  assert.equal(await ada.page.getByText('not finished yet').count(), 0);
  await logIn(ada, 'another lamp in the window');
  await composer(ada.page).waitFor();
  await becomes(() => composer(ada.page).inputValue(), 'not finished yet');
});

test('an account that is deleted elsewhere is gone here, with all that was on screen', async () => {
  const eve = await newVisitor(browser);
  await register(eve);
  const script = await play(says('For your eyes only.'));
  await send(eve.page, `A secret ${script.mark}`);
  await replyEnded(eve.page);
  await call('DELETE', 'me', await tokenOf(eve), { password });
  await eve.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await eve.page.getByRole('button', { name: 'Log in', exact: true }).waitFor();
  assert.equal(await eve.page.getByText('For your eyes only.').count(), 0);
  assert.deepEqual(eve.complaints, []);
  await eve.context.close();
});
