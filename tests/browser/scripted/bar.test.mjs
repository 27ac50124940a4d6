// The bar above a chat, the foldable list, who will answer, and the titles that the model makes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { beside, up, VAR } from '../../support/instance.mjs';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { baseUrl, becomes, composer, launch, logIn, newVisitor, register, replyEnded, send, sessionRows } from '../browser.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser, ada, page;
before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
});
after(() => browser.close());

const heading = (of = page) => of.getByRole('heading', { level: 1 });
const list = (of = page) => of.getByRole('navigation', { name: 'Chats' });
const moreOf = (of = page) => of.getByRole('button', { name: 'More for this chat' });

async function ask(text, of = page) {
  const script = await play(says('An answer.'));
  await send(of, `${text} ${script.mark}`);
  await replyEnded(of);
}

test('the composer shows the model before the first question', async () => {
  await page.getByText('test-model', { exact: true }).waitFor();
  assert.equal(await moreOf().count(), 0, 'a new chat has nothing to rename');
});

test('the bar has the title and the menu of the chat, which is renamed in its place', async () => {
  await ask('The first of all questions');
  await heading().getByText('The first of all questions').waitFor();
  await moreOf().click();
  const items = page.getByRole('menuitem');
  await items.first().waitFor();
  await becomes(() => items.allInnerTexts(), ['Rename', 'Pin', 'Archive', 'Instructions', 'Export as Markdown', 'Export as JSON', 'Delete']);
  assert.deepEqual(await violations(page), []);
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('Chat title').fill('Renamed above');
  await page.keyboard.press('Enter');
  await heading().getByText('Renamed above').waitFor();
  await sessionRows(page).getByText('Renamed above').waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'More for this chat');
});

test('Escape gives the old name back', async () => {
  await moreOf().click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('Chat title').fill('Never');
  await page.keyboard.press('Escape');
  await heading().getByText('Renamed above').waitFor();
});

test('the list folds, stays folded over a reload, and comes back; the focus goes along', async () => {
  await page.getByRole('button', { name: 'Hide the chat list' }).click();
  await list().waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Show the chat list');
  assert.deepEqual(await violations(page), []);
  await page.reload();
  await heading().getByText('Renamed above').waitFor();
  assert.equal(await list().count(), 0);
  await page.getByRole('link', { name: 'New chat' }).click();
  await page.getByText(/^Good (morning|afternoon|evening)/).waitFor();
  await page.getByRole('button', { name: 'Show the chat list' }).click();
  await list().waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Hide the chat list');
  await page.reload();
  await list().waitFor();
});

test('the key folds it while one writes, and a search unfolds it; the key is in the list of keys', async () => {
  await composer(page).focus();
  await page.keyboard.press('Control+Shift+S');
  await list().waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'composer');
  await page.keyboard.press('Control+k');
  await list().waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Search chats');
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Keyboard shortcuts' }).click();
  await page.getByRole('dialog').getByText('Show or hide the chat list').waitFor();
  await page.keyboard.press('Escape');
});

test('a row shows its whole width of title until the pointer comes', async () => {
  const title = `Wide ${'x'.repeat(80)}`;
  const row = sessionRows(page).first();
  await row.getByRole('link').click();
  await moreOf().click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('Chat title').fill(title);
  await page.keyboard.press('Enter');
  const label = row.locator('span').first();
  await label.getByText(title).waitFor();
  const width = () => label.evaluate((element) => element.getBoundingClientRect().width);
  const shown = () => row.getByRole('button', { name: /^More for/ }).evaluate((element) => getComputedStyle(element).opacity);
  await composer(page).hover();
  const wide = await width();
  assert.equal(await shown(), '0');
  await row.hover();
  await page.waitForFunction((before) => document.querySelector('nav li span').getBoundingClientRect().width < before, wide);
  assert.equal(await shown(), '1');
});

test('on a phone, too: title, menu and list, each large enough for a finger', async () => {
  const visitor = await newVisitor(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const phone = visitor.page;
  await phone.goto(page.url());
  await logIn({ page: phone, username: ada.username });
  await moreOf(phone).waitFor();
  for (const name of ['More for this chat', 'Open the chat list', 'New chat']) {
    const box = await phone.getByRole(name === 'New chat' ? 'link' : 'button', { name, exact: true }).boundingBox();
    assert.ok(box.width >= 44 && box.height >= 44, `${name}: ${JSON.stringify(box)}`);
    assert.ok(box.x >= 0 && box.x + box.width <= 390, `${name}: ${JSON.stringify(box)}`);
  }
  await moreOf(phone).click();
  await phone.getByRole('menuitem', { name: 'Pin', exact: true }).click();
  await phone.getByRole('button', { name: 'Open the chat list' }).click();
  const row = phone.getByRole('region', { name: 'Pinned' }).getByRole('listitem');
  await row.waitFor();
  const more = row.getByRole('button', { name: /^More for/ });
  assert.equal(await more.evaluate((element) => getComputedStyle(element).opacity), '1');
  assert.deepEqual(await violations(phone), []);
  assert.deepEqual(visitor.complaints, []);
  await visitor.context.close();
});

test('where letters are larger, the lines of the list have room for them', async () => {
  const visitor = await newVisitor(browser);
  await visitor.page.addInitScript(() => document.documentElement.style.setProperty('font-size', '28px'));
  await register(visitor);
  await ask('A question', visitor.page);
  const heights = await list(visitor.page).evaluate((element) => {
    const box = (selector) => element.querySelector(selector).getBoundingClientRect();
    return { heading: box('h2'), row: box('li'), text: box('li a span') };
  });
  const { heading, row, text } = heights;
  assert.ok(heading.bottom <= row.top && text.top >= row.top && text.bottom <= row.bottom, JSON.stringify(heights));
  await visitor.context.close();
});

test('the name that the model gives appears by itself, in the tab that asked and in another', async () => {
  const other = await up({ more: { ...beside(VAR), LAMPLIGHT_LLM_TITLES: 'on', LAMPLIGHT_LLM_BASE_URL: process.env.LAMPLIGHT_LLM_BASE_URL, BASE_PATH: '/chat' } });
  try {
    const base = new URL(`${other.env.LAMPLIGHT_URL}/`).href;
    const bea = await newVisitor(browser, { base });
    await register(bea);
    const second = await bea.context.newPage();
    await second.goto(base);
    await composer(second).waitFor();
    const script = await play(says('An answer.'), saysSlowly('By the ', 'model'));
    await send(bea.page, `A question ${script.mark}`);
    await replyEnded(bea.page);
    await heading(bea.page).getByText('A question').waitFor();
    await second.bringToFront();
    await sessionRows(second).getByText('A question').waitFor();
    for (const gate of ['1', '2']) await script.open(gate);
    await heading(bea.page).getByText('By the model').waitFor();
    await sessionRows(bea.page).getByText('By the model').waitFor();
    await sessionRows(second).getByText('By the model').waitFor({ timeout: 90_000 });
    assert.deepEqual(bea.complaints, []);
  } finally {
    await other.down();
    other.remove();
  }
});

test('the page raised no error, asked no other site and kept to its policy', () => assert.deepEqual([ada.complaints, baseUrl.endsWith('/chat/')], [[], true]));
