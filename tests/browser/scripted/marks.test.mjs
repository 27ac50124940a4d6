// How the list marks chats in which something happens, and which marks are still there after a reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { becomes, launch, newVisitor, register, replyEnded, send, sessionIdOf, sessionRows, until } from '../browser.mjs';
import { seedSession, seedSessions, tokenOf } from '../seed.mjs';
import { isCut, refuses, says, saysSlowly } from './scripts.mjs';

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

const rowOf = (title) => sessionRows(page).filter({ has: page.getByText(title) });
const first = () => sessionRows(page).first();
const replying = (row) => row.getByRole('img', { name: 'replying' });
const lookAgain = () => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

/** Makes another chat the newest one. */
async function otherOnTop(title) {
  await seedSession(await tokenOf(ada), title);
  await until(() => first().getByText(title).count(), lookAgain);
}

for (const [name, act, ...scripts] of [
  ['a further question', (mark) => send(page, `And then? ${mark}`), saysSlowly('Then ', 'this.')],
  ['"Reply again"', () => page.getByRole('button', { name: 'Reply again', disabled: false }).last().click(), says('One.'), saysSlowly('Another ', 'one.')],
  ['"Continue"', () => page.getByRole('button', { name: 'Continue', exact: true }).click(), isCut('As long as '), saysSlowly('it ', 'has to be.')],
]) {
  test(`${name}: its chat is marked in the list and on top from the beginning, and the mark goes with the end`, async () => {
    await page.getByRole('link', { name: 'New chat' }).first().click();
    await page.getByText(/^Good /).waitFor();
    const title = `About ${name.replaceAll('"', '')}`;
    const script = await play(...(scripts.length === 1 ? [says('First.'), ...scripts] : scripts));
    await send(page, `${title} ${script.mark}`);
    await replyEnded(page);
    await otherOnTop(`Newer than ${name}`);
    await act(script.mark);
    await first().getByText(title).waitFor();
    await replying(first()).waitFor();
    await becomes(() => sessionRows(page).getByRole('img', { name: 'replying' }).count(), 1);
    for (const gate of ['1', '2']) await script.open(gate);
    await replyEnded(page);
    await replying(first()).waitFor({ state: 'detached' });
    await first().getByText(title).waitFor();
  });
}

test('why a reply failed is said after a reload in the same sentence', async () => {
  for (const status of [401, 402, 404, 500]) {
    await page.getByRole('link', { name: 'New chat' }).first().click();
    await page.getByText(/^Good /).waitFor();
    const script = await play(refuses(status));
    await send(page, `A question ${script.mark}`);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    const sentence = await alert.innerText();
    assert.match(sentence, /^[A-Z][^\n]{10,150}\.$/);
    assert.ok(sessionIdOf(page));
    await page.reload();
    await alert.waitFor();
    await becomes(() => alert.innerText(), sentence, `of ${status}`);
  }
});

test('the menu of a line stays open and beside its line while the list is scrolled and read again', async () => {
  await seedSessions(await tokenOf(ada), 40);
  await page.reload();
  const row = rowOf(/^Topic 33$/);
  await row.waitFor();
  const list = page.getByRole('navigation', { name: 'Chats' });
  await row.hover();
  await row.getByRole('button', { name: /^More for/ }).click();
  const menu = page.getByRole('menu');
  await page.getByRole('menuitem', { name: 'Rename' }).waitFor();
  const distance = async () => (await menu.boundingBox()).y - (await row.boundingBox()).y;
  const before = await distance();
  const moved = list.evaluate((element) => new Promise((resolve) => element.addEventListener('scroll', () => requestAnimationFrame(() => requestAnimationFrame(resolve)), { once: true })));
  await page.mouse.move(...(await list.boundingBox().then(({ x, y, height }) => [x + 20, y + height - 10])));
  await page.mouse.wheel(0, 60);
  await moved;
  await becomes(() => menu.count(), 1, 'the menu is open');
  await page.waitForFunction(([menu, row, wanted]) => Math.abs(menu.getBoundingClientRect().y - row.getBoundingClientRect().y - wanted) < 4, [await menu.elementHandle(), await row.elementHandle(), before]);
  const read = page.waitForResponse((response) => response.url().includes('pinned=false'));
  await lookAgain();
  await read;
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('Chat title').waitFor();
  await page.keyboard.press('Escape');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
