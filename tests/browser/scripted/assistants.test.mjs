// Assistants and prompts: writing, publishing and using them, calling a prompt by its name; and what administrators see of
// their use.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lamplight } from '../../support/instance.mjs';
import { play } from '../../support/model.mjs';
import { contrastViolations, violations } from '../access.mjs';
import { becomes, composer, launch, logIn, newSession, newVisitor, password, register, replyEnded, send, sessionIdOf, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { says } from './scripts.mjs';

const CANARY = 'canary-of-the-instructions';
let browser;
let ada; // an administrator
let bob;

before(async () => {
  browser = await launch();
  [ada, bob] = [await newVisitor(browser), await newVisitor(browser)];
  await register(ada);
  await register(bob);
  lamplight('user', 'role', ada.username, 'admin');
});
after(async () => {
  await setDefault(null);
  for (const { id, mine } of (await (await as(ada, 'GET', 'ai/assistants')).json()).assistants) if (mine) await as(ada, 'DELETE', `ai/assistants/${id}`);
  assert.deepEqual([...ada.complaints, ...bob.complaints], []);
  await browser.close();
});

const as = async (who, method, path, body) => call(method, path, await tokenOf(who), body);
const button = (page, name) => page.getByRole('button', { name, exact: true });
const picker = (page) => page.getByRole('button', { name: /^Model:/ });
const closed = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });
const menu = async (page, of, item) => {
  await button(page, `More for ${of}`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
};
const library = async (page) => {
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Assistants and prompts' }).click();
  await page.getByRole('heading', { name: 'Assistants and prompts' }).waitFor();
};
async function setDefault(defaultAssistantId) {
  const { version } = await (await as(ada, 'GET', 'admin/settings')).json();
  await as(ada, 'PATCH', 'admin/settings', { version, defaultAssistantId });
}
const owl = async () => (await (await as(ada, 'GET', 'ai/assistants')).json()).assistants.find(({ name }) => name === 'Owl');

test('an administrator writes an assistant and publishes it', async () => {
  const { page } = ada;
  await library(page);
  await button(page, 'Add assistant').click();
  await page.getByLabel('Icon').fill('🦉');
  await page.getByLabel('Name', { exact: true }).fill('Owl');
  await page.getByLabel('Description').fill('Knows what happens at night');
  await page.getByLabel('Instructions').fill(`${CANARY}: you help {{user.name}}.`);
  await page.getByText('Preview').click();
  await page.getByText(`you help ${ada.username}.`).waitFor();
  await page.getByLabel('Conversation starters').fill('Who is awake?\nWhat is that sound?');
  await button(page, 'Add').click();
  await closed(page);
  await menu(page, 'Owl', 'Publish for everyone');
  await page.getByRole('list', { name: 'Your assistants' }).getByText('published').waitFor();
});

test('others begin a chat with it, are told who it is, and never see what it is told', async () => {
  const { page } = bob;
  await page.reload();
  await picker(page).click();
  const list = page.getByRole('listbox', { name: 'Choose an assistant or a model' });
  await list.getByRole('group', { name: 'Assistants' }).getByRole('option', { name: /Owl/ }).click();
  await page.getByRole('heading', { name: 'Owl' }).waitFor();
  await page.getByText('Knows what happens at night').waitFor();
  const script = await play(says('The cat is.'));
  await button(page, 'What is that sound?').waitFor();
  await send(page, `Who is awake? ${script.mark}`);
  await replyEnded(page);
  const [asked] = await script.requests();
  assert.ok(JSON.stringify(asked).includes(`${CANARY}: you help ${bob.username}.`));
  await page.locator('header').getByText('Owl').waitFor();
  assert.equal((await (await as(bob, 'GET', `ai/sessions/${sessionIdOf(page)}`)).json()).assistant.name, 'Owl');
  await page.reload();
  await page.locator('header').getByText('Owl').waitFor();
  await library(page);
  await page.getByRole('list', { name: 'For everyone on this server' }).getByText('Owl').waitFor();
  await button(page, 'More for Owl').click();
  await page.getByRole('menuitem', { name: 'Copy link' }).waitFor();
  assert.equal(await page.getByRole('menuitem', { name: 'Edit' }).count(), 0);
  await page.keyboard.press('Escape');
  assert.ok(!(await page.content()).includes(CANARY));
});

test('a link begins a chat with it, and one that leads nowhere says so', async () => {
  const { page } = bob;
  await page.goto(`${bob.base}?assistant=${(await owl()).id}`);
  await page.getByRole('heading', { name: 'Owl' }).waitFor();
  assert.equal(new URL(page.url()).search, '');
  await page.goto(`${bob.base}?assistant=1`);
  await page.getByText('This assistant is no longer available.').waitFor();
});

test('what was picked and typed for a new chat and not sent is there after a look at another chat and a reload; with the text the choice goes', async () => {
  const { page } = bob;
  const heading = page.getByRole('heading', { name: 'Owl' });
  await newSession(page);
  await picker(page).click();
  await page.getByRole('option', { name: /Owl/ }).click();
  await heading.waitFor();
  await composer(page).fill('Who else');
  await page.getByRole('navigation', { name: 'Chats' }).getByRole('listitem').first().getByRole('link').click();
  await replyEnded(page);
  await newSession(page);
  await heading.waitFor();
  await page.reload();
  await becomes(() => composer(page).inputValue(), 'Who else');
  await heading.waitFor();
  await composer(page).fill('');
  await newSession(page);
  await heading.waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText(/^Good /).waitFor();
  assert.equal(await heading.count(), 0);
});

test('what the site begins with is what a new chat has, unless nothing is wanted', async () => {
  const { page } = ada;
  await page.goto(`${ada.base}#models`);
  await page.reload();
  await page.getByLabel('Default assistant').selectOption({ label: '🦉 Owl' });
  await becomes(async () => (await (await as(bob, 'GET', 'ai/assistants')).json()).defaultId, (await owl()).id);
  await bob.page.goto(bob.base);
  await bob.page.getByRole('heading', { name: 'Owl' }).waitFor();
  await picker(bob.page).click();
  await bob.page.getByRole('option', { name: 'No assistant' }).click();
  await bob.page.getByRole('heading', { name: 'Owl' }).waitFor({ state: 'detached' });
  const script = await play(says('Just me.'));
  await send(bob.page, `Plain? ${script.mark}`);
  await replyEnded(bob.page);
  assert.ok(!JSON.stringify(await script.requests()).includes(CANARY));
  await setDefault(null);
});

test('a prompt is called by its name, and its fields are asked for', async () => {
  const { page } = bob;
  await page.goto(`${bob.base}#prompts`);
  await page.reload();
  await button(page, 'Add prompt').click();
  await page.getByLabel('Name', { exact: true }).fill('sum-up');
  await page.getByLabel('Text').fill('Sum up {{topic}} in {{lines}} lines.');
  await page.getByText('Asks for: topic, lines').waitFor();
  await button(page, 'Add').click();
  await closed(page);
  await button(page, 'Back to the chat').click();
  await newSession(page);
  await composer(page).pressSequentially('/su');
  await page.getByRole('option', { name: /\/sum-up/ }).waitFor();
  assert.deepEqual(await violations(page), []);
  await composer(page).press('Tab');
  await page.getByLabel('topic').fill('the night');
  await page.getByLabel('lines').fill('two');
  await button(page, 'Insert').click();
  await becomes(() => composer(page).inputValue(), 'Sum up the night in two lines.');

  // Uses the keyboard only, in the second line, and undoes it.
  await composer(page).fill('First:\n');
  await composer(page).pressSequentially('/su');
  await page.getByRole('option', { name: /\/sum-up/ }).waitFor();
  await composer(page).press('Enter');
  await page.waitForFunction(() => document.activeElement?.name === 'field-0');
  await page.keyboard.type('the day');
  await page.keyboard.press('Enter');
  await page.keyboard.type('three');
  await page.keyboard.press('Enter');
  await becomes(() => composer(page).inputValue(), 'First:\nSum up the day in three lines.');
  await becomes(() => page.evaluate(() => document.activeElement?.id), 'composer');
  await page.keyboard.press('Control+z');
  await becomes(() => composer(page).inputValue(), 'First:\n/su');
  await page.keyboard.press('Escape');
  await composer(page).fill('');
});

test('an administrator sets another password for somebody, and sees what was used', async () => {
  const { page } = ada;
  await page.goto(`${ada.base}#users`);
  await page.reload();
  await page.getByRole('textbox', { name: 'Search users' }).fill(bob.username);
  await becomes(() => page.getByRole('list', { name: 'Users' }).getByRole('listitem').count(), 1);
  await menu(page, bob.username, 'Set a new password');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Set password').click();
  await page.getByText('The password was changed.').waitFor();
  await button(page, 'Usage').click();
  await page.getByRole('row', { name: new RegExp(bob.username) }).waitFor();
  await page.getByLabel('Show by').selectOption('day');
  await page.getByRole('columnheader', { name: 'Day' }).waitFor();
});

const looks = {
  desktop: [{}, 'en', 'light'],
  phone: [{ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }, 'en', 'dark'],
  japanese: [{ locale: 'ja' }, 'ja', 'light'],
  german: [{ viewport: { width: 360, height: 780 }, locale: 'de' }, 'de', 'dark'],
};
for (const [name, [options, language, colorScheme]] of Object.entries(looks)) {
  test(`what it looks like: ${name}; axe finds nothing, and nothing is wider than the screen`, async () => {
    const visitor = await newVisitor(browser, { ...options, colorScheme });
    const { page } = visitor;
    visitor.username = ada.username;
    await page.addInitScript(() => localStorage.setItem('lamplight.language', '{"state":{"chosen":"en"},"version":0}'));
    await page.goto(visitor.base);
    await logIn(visitor);
    await picker(page).waitFor();
    if (language !== 'en') await page.addInitScript((chosen) => localStorage.setItem('lamplight.language', JSON.stringify({ state: { chosen }, version: 0 })), { en: 'en', ja: 'ja', de: 'de' }[language]);
    const look = async (view) => {
      await page.evaluate(() => new Promise((over) => setTimeout(over, 300)));
      await shot(page, `assistants-${name}-${view}`);
      assert.deepEqual(await (colorScheme === 'light' ? violations(page) : contrastViolations(page)), [], view);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${view} is wider than the screen`);
    };
    const { id } = await owl();
    await page.goto(`${visitor.base}?assistant=${id}`);
    await page.getByRole('heading', { name: 'Owl' }).waitFor();
    await look('welcome');
    await page.locator('[aria-haspopup=dialog]').first().click();
    await page.getByRole('option', { name: /Owl/ }).waitFor();
    await look('picker');
    await page.goto(`${visitor.base}#assistants`);
    await page.reload();
    await page.locator('main ul').first().getByText('Owl').waitFor();
    await look('page');
    await page.locator('main ul [aria-haspopup=menu]').first().click();
    await page.getByRole('menuitem').first().click();
    await page.locator('[name=instructions]').waitFor();
    await look('form');
    await page.keyboard.press('Escape');
    await page.goto(`${visitor.base}#usage`);
    await page.reload();
    await page.getByRole('row').nth(1).waitFor();
    await look('usage');
    assert.deepEqual(visitor.complaints, []);
    await visitor.context.close();
  });
}
