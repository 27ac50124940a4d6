// On a system that forces a few colours on every page ("high contrast"), people can still see what is selected, highlighted
// or in use.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { ask, becomes, composer, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionRows, shot } from '../browser.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;
before(async () => {
  browser = await launch();
  ada = await newVisitor(browser, { forcedColors: 'active' });
  await register(ada);
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

/** Whether the element has an outline. */
const lined = (locator) => locator.evaluate((element) => getComputedStyle(element).outlineStyle !== 'none' && parseFloat(getComputedStyle(element).outlineWidth) > 0);
/** Whether its background differs from the page's. */
const filled = (locator) => locator.evaluate((element) => getComputedStyle(element).backgroundColor !== getComputedStyle(document.body).backgroundColor);

test('the chat that is open is told from the others in the list', async () => {
  const { page } = ada;
  for (const name of ['first', 'second']) {
    const { mark } = await play(says(`The ${name} answer.`));
    await newSession(page);
    await ask(page, `The ${name} question ${mark}`);
  }
  const row = (name) => sessionRows(page).filter({ hasText: `The ${name} question` }).getByRole('link');
  await becomes(() => lined(row('second')), true);
  await becomes(() => lined(row('first')), false);
  await shot(page, 'forced-list');
});

test('a pressed thumb, a focused menu item and a focused field are recognizable', async () => {
  const { page } = ada;
  const thumb = (name) => replies(page).last().getByRole('button', { name, exact: true });
  await thumb('Good reply').click();
  await composer(page).focus();
  await becomes(() => lined(thumb('Good reply')), true);
  await becomes(() => lined(thumb('Bad reply')), false);
  await becomes(() => lined(composer(page)), true);
  await page.getByRole('button', { name: 'More for this chat' }).press('Enter');
  const items = page.getByRole('menuitem');
  await items.first().waitFor();
  await page.keyboard.press('ArrowDown');
  const lines = async () => (await Promise.all((await items.all()).map(lined))).filter(Boolean).length;
  await becomes(lines, 1);
  await page.keyboard.press('Escape');
});

test('words that are marked, and the sign of a reply that comes in, have a ground of their own', async () => {
  const { page } = ada;
  const script = await play(saysSlowly('It is <mark>marked</mark>.', ' And more.'));
  await newSession(page);
  await send(page, `Mark it ${script.mark}`);
  const sign = sessionRows(page).getByRole('img', { name: 'replying' });
  await sign.waitFor();
  assert.equal(await filled(sign), true);
  for (const gate of ['1', '2']) await script.open(gate);
  await replyEnded(page);
  await becomes(() => filled(replies(page).last().locator('mark')), true);
});
