// Two tabs of one browser: each shows what somebody chooses or changes in the other, without a click.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lamplight } from '../../support/instance.mjs';
import { play } from '../../support/model.mjs';
import { becomes, launch, newVisitor, register, replies, replyEnded, send, sessionRows } from '../browser.mjs';
import { call, seedSession, tokenOf } from '../seed.mjs';
import { says } from './scripts.mjs';

let browser;
let ada;
let one;
let two;
let added; // the administrator's models

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  const token = await tokenOf(ada);
  for (const title of ['To be renamed', 'To be put away', 'To be deleted']) await seedSession(token, title);
  one = ada.page;
  two = await ada.context.newPage();
  await two.addInitScript(() => { window.setInterval = () => 0; }); // the page does not poll every few seconds
  lamplight('user', 'role', ada.username, 'admin');
  const provider = await (await call('POST', 'admin/providers', token, { name: 'Lanterns', kind: 'openai', baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL, key: 'sk-of-the-lanterns' })).json();
  const model = await (await call('POST', 'admin/models', token, { providerId: provider.id, upstreamName: 'lantern', label: 'Lantern' })).json();
  added = [`models/${model.id}`, `providers/${provider.id}`];
  for (const page of [one, two]) {
    await page.goto(ada.base);
    await sessionRows(page).nth(2).waitFor();
  }
});
after(async () => {
  for (const path of added) await call('DELETE', `admin/${path}`, await tokenOf(ada));
  await browser.close();
});

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

test('a thumb, what was said with it, instructions and the model, in a chat that is open in both', async () => {
  const { mark } = await play(says('The answer is 42.'));
  await send(one, `What is it? ${mark}`);
  await replyEnded(one);
  await two.goto(one.url());
  await replyEnded(two);
  const thumb = (page, name) => replies(page).first().getByRole('button', { name, exact: true });
  await thumb(one, 'Bad reply').click();
  await becomes(() => thumb(two, 'Bad reply').getAttribute('aria-pressed'), 'true');
  await thumb(one, 'Add a comment').click();
  await one.getByLabel('What was wrong with this reply?').fill('42 is no reason');
  await one.keyboard.press('Enter');
  await thumb(two, 'Edit comment').click();
  await becomes(() => two.getByLabel('What was wrong with this reply?').inputValue(), '42 is no reason');
  await two.keyboard.press('Escape');
  await thumb(one, 'Bad reply').click();
  await becomes(() => thumb(two, 'Bad reply').getAttribute('aria-pressed'), 'false');

  const sign = two.getByRole('button', { name: 'Instructions are active' });
  const looked = two.waitForResponse((answer) => /\/sessions\/\d+\/instructions/.test(answer.url()));
  await two.reload();
  await looked;
  await one.getByRole('button', { name: 'More for this chat' }).click();
  await one.getByRole('menuitem', { name: 'Instructions' }).click();
  await one.getByRole('dialog').getByRole('textbox').fill('Be brief.');
  await one.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await sign.waitFor();

  await one.getByRole('button', { name: /^Model:/ }).click();
  await one.getByRole('option', { name: /Lantern/ }).click();
  for (const page of [one, two]) await page.getByRole('button', { name: /^Model:.*Lantern/ }).waitFor();
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

test('the page raised no error, asked no other site and kept to its policy', () => assert.deepEqual(ada.complaints, []));
