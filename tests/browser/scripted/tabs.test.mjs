// Two tabs of one browser, side by side: what is chosen or changed in one is seen in the other, without a click there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { becomes, launch, newVisitor, register, sessionRows } from '../browser.mjs';
import { seedSession, tokenOf } from '../seed.mjs';

let browser;
let ada;
let one;
let two;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  const token = await tokenOf(ada);
  for (const title of ['To be renamed', 'To be put away', 'To be deleted']) await seedSession(token, title);
  one = ada.page;
  two = await ada.context.newPage();
  for (const page of [one, two]) {
    await page.goto(ada.base);
    await sessionRows(page).nth(2).waitFor();
  }
});
after(() => browser.close());

const titles = (page) => sessionRows(page).locator('[data-line]').allInnerTexts();
const menu = async (title, item) => {
  const more = one.getByRole('button', { name: `More for ${title}`, exact: true });
  await more.hover();
  await more.click();
  await one.getByRole('menuitem', { name: item, exact: true }).click();
};
const setting = async (name) => {
  await one.locator('footer:not(article footer) button[aria-haspopup=menu]').click();
  await one.getByRole('menuitemradio', { name, exact: true }).click();
};

test('chats that are renamed, archived and deleted', async () => {
  await menu('To be renamed', 'Rename');
  await one.getByLabel('Chat title').fill('Another name');
  await one.getByLabel('Chat title').press('Enter');
  await two.getByText('Another name').waitFor({ timeout: 5000 });
  await menu('To be put away', 'Archive');
  await becomes(async () => (await titles(two)).includes('To be put away'), false);
  await menu('To be deleted', 'Delete');
  await becomes(async () => (await titles(two)).join(), 'Another name');
});

test('the theme, also where nobody is logged in', async () => {
  await setting('Dark');
  for (const page of [one, two]) await becomes(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(25, 23, 21)');
  await setting('Light');
  await becomes(() => two.evaluate(() => document.documentElement.dataset.theme), 'light');
});

test('the language; what was typed stays', async () => {
  await two.locator('#composer').fill('half a sentence');
  await setting('Deutsch');
  await two.getByRole('link', { name: 'Neuer Chat' }).first().waitFor();
  assert.equal(await two.locator('#composer').inputValue(), 'half a sentence');
  assert.equal(await two.evaluate(() => document.documentElement.lang), 'de');
});

test('nothing broke the rules', () => assert.deepEqual(ada.complaints, []));
