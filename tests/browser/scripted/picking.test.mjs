// Selecting several chats in the list and in the archive, with keys and by ranges, and doing something with all of them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { contrastViolations, violations } from '../access.mjs';
import { becomes, launch, newVisitor, register, sessionRows, shot } from '../browser.mjs';
import { call, seedSessions, tokenOf } from '../seed.mjs';

const many = 103;
let browser;
let ada;
let page;
let ids;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
  ids = await seedSessions(await tokenOf(ada), many);
  await page.reload();
  await row(many).waitFor();
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

const named = (n) => page.getByText(`Topic ${n}`, { exact: true });
const row = (n) => sessionRows(page).filter({ has: named(n) });
const box = (n) => page.getByRole('checkbox', { name: `Topic ${n}`, exact: true });
const selected = (count) => page.getByRole('status').filter({ hasText: `${count} selected` }).waitFor();
const button = (name) => page.getByRole('button', { name, exact: true });
const archived = async () => (await (await call('GET', 'ai/sessions?archived=true', await tokenOf(ada))).json()).map(({ title }) => title).sort();
const focusIsOn = (locator) => locator.and(page.locator(':focus')).waitFor();
const begin = async (line) => {
  await line.hover();
  await line.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Select multiple' }).click();
};

test('by keys: arrows and the space bar, and Escape leaves', async () => {
  await row(many).getByRole('button', { name: /^More for/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Select multiple' }).focus();
  await page.keyboard.press('Enter');
  await focusIsOn(box(many));
  await selected(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await selected(2);
  assert.equal(await box(many - 1).isChecked(), true);
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox').first().waitFor({ state: 'detached' });
  await focusIsOn(row(many - 1).getByRole('link'));
});

test('a range with Shift; one more than can be selected says why', async () => {
  await begin(row(many));
  await box(many - 9).click({ modifiers: ['Shift'] });
  await selected(10);
  await box(many - 4).click();
  await box(many - 6).click({ modifiers: ['Shift'] });
  await selected(7);
  await button('Cancel').click();
  await focusIsOn(row(many - 6).getByRole('link'));

  await begin(row(many));
  const navigation = page.getByRole('navigation', { name: 'Chats' });
  for (let tries = 0; tries < 60 && (await box(1).count()) === 0; tries++) {
    await navigation.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.waitForTimeout(50);
  }
  await box(1).click({ modifiers: ['Shift'] });
  await selected(100);
  const full = page.getByRole('status').filter({ hasText: 'You can select up to 100 chats at a time.' });
  await full.waitFor();
  assert.equal(await box(1).isChecked(), false);
  assert.deepEqual(await violations(page), []);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    await shot(page, `picking-full-${colorScheme}`);
    assert.deepEqual(await contrastViolations(page), []);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.keyboard.press('Escape');
  await full.waitFor({ state: 'detached' });
  await navigation.evaluate((element) => element.scrollTo(0, 0));
});

test('they are archived together, and that is undone', async () => {
  const pick = async () => {
    await begin(row(many));
    await box(many - 2).click({ modifiers: ['Shift'] });
    await selected(3);
    await button('Archive').click();
    await page.getByText('3 chats were archived.').waitFor();
    for (const n of [many, many - 1, many - 2]) await row(n).waitFor({ state: 'detached' });
  };
  const three = [many, many - 1, many - 2].map((n) => `Topic ${n}`).sort();
  await pick();
  await becomes(archived, three);
  await page.getByRole('listitem').filter({ hasText: 'were archived.' }).getByRole('button', { name: 'Undo' }).click();
  await row(many - 2).waitFor();
  await becomes(archived, []);
  await pick();
  await becomes(archived, three);
});

test('in the archive: taken out together, and deleted together', async () => {
  await page.goto(`${ada.base}#archive`);
  await page.reload();
  const line = (n) => page.getByRole('list', { name: 'Archived chats' }).getByRole('listitem').filter({ has: named(n) });
  await begin(line(many));
  await focusIsOn(box(many));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await selected(2);
  assert.equal(await sessionRows(page).getByRole('checkbox').count(), 0, 'the list beside it is not in that mode');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'picking-archive');
  await page.keyboard.press('Escape');
  await focusIsOn(line(many - 1).getByRole('link'));
  await begin(line(many));
  await box(many - 1).click();
  await button('Unarchive').click();
  await page.getByText('2 chats were unarchived.').waitFor();
  for (const n of [many, many - 1]) {
    await line(n).waitFor({ state: 'detached' });
    await row(n).waitFor();
  }
  await focusIsOn(line(many - 2).getByRole('link'));
  await begin(line(many - 2));
  await button('Delete').click();
  await line(many - 2).waitFor({ state: 'detached' });
  await focusIsOn(page.getByRole('heading', { name: 'Archive', level: 1 }));
  await becomes(async () => call('GET', `ai/sessions/${ids[many - 3]}`, await tokenOf(ada)).then(() => '', (error) => error.message.includes('404')), true);
});
