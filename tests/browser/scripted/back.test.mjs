// The browser's "back" closes what lies above a chat, and takes nobody to an unwanted place.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { ask, becomes, composer, launch, newVisitor, register, sessionRows } from '../browser.mjs';
import { says } from './scripts.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Somebody with two chats, who is in the second one. */
async function withTwoChats(options = {}) {
  const visitor = await newVisitor(browser, options);
  await register(visitor);
  const { page } = visitor;
  const addresses = [];
  for (const name of ['first', 'second']) {
    if (name === 'second') await page.goto(visitor.base);
    const { mark } = await play(says(`The ${name} answer.`));
    await ask(page, `The ${name} question ${mark}`);
    addresses.push(page.url());
  }
  return { ...visitor, addresses };
}

const shows = (page, url) => becomes(() => page.url(), url);

test('on a phone it closes the list of chats, and the next one leaves the chat', async () => {
  const { page, complaints, addresses: [first, second], context } = await withTwoChats({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const list = page.getByRole('dialog', { name: 'Chats' });
  const open = async () => {
    await page.getByRole('button', { name: 'Open the chat list' }).click();
    await list.waitFor();
  };
  await open();
  await sessionRows(page).getByText('The first question').click();
  await shows(page, first);
  await open();
  await page.goBack();
  await list.waitFor({ state: 'hidden' });
  assert.equal(page.url(), first);
  await page.getByText('The first answer.').waitFor();

  // If the list closes by other means, it leaves no step in the history, nor one between two chats.
  await open();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'hidden' });
  await becomes(() => page.evaluate(() => history.state), null);
  await open();
  await sessionRows(page).getByText('The second question').click();
  await shows(page, second);
  await page.getByText('The second answer.').waitFor();
  await page.goBack();
  await shows(page, first);
  await page.goBack();
  await shows(page, second);
  await page.getByText('The second answer.').waitFor();
  await list.waitFor({ state: 'hidden' });
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the instructions of a chat close when it is left, and what was typed is kept', async () => {
  const { page, complaints, addresses: [first, second], context } = await withTwoChats();
  await sessionRows(page).getByText('The first question').click();
  await shows(page, first);
  const dialog = page.getByRole('dialog', { name: 'Instructions for this chat' });
  const open = async () => {
    await page.getByRole('button', { name: 'More for this chat' }).click();
    await page.getByRole('menuitem', { name: 'Instructions', exact: true }).click();
    await dialog.getByRole('textbox').waitFor();
  };
  await open();
  await page.keyboard.type('Be brief');
  await page.goBack();
  await shows(page, second);
  await page.getByText('The second answer.').waitFor();
  await becomes(() => dialog.count(), 0);
  await composer(page).fill('The page is not locked');
  await composer(page).fill('');
  await page.goForward();
  await shows(page, first);
  await open();
  await becomes(() => dialog.getByRole('textbox').inputValue(), 'Be brief');
  assert.deepEqual(complaints, []);
  await context.close();
});
