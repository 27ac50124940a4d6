// After every action with the keyboard, the focus is in a sensible place: on the next line, on the button that was pressed,
// or on what has replaced it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lamplight } from '../../support/instance.mjs';
import { codeOf } from '../../support/totp.mjs';
import { query } from '../../support/db.mjs';
import { becomes, launch, newVisitor, password, register } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';

let browser;
let ada; // an administrator
let page;

const as = async (method, path, body) => (await call(method, path, await tokenOf(ada), body)).json().catch(() => null);
const button = (name, of = page) => of.getByRole('button', { name, exact: true });
const section = (name) => page.getByRole('region', { name, exact: true });
const view = async (hash) => {
  await page.goto(`${ada.base}#${hash}`);
  await page.reload();
};
const focused = () => page.evaluate(() => (document.activeElement === document.body ? 'nothing' : (document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim())));
const focusIsOn = (name, after) => becomes(focused, name, after);
const press = async (locator) => {
  await locator.focus();
  await page.keyboard.press('Enter');
};
const choose = async (line, item) => {
  await press(button(`More for ${line}`));
  await page.getByRole('menuitem', { name: item, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor({ state: 'detached' });
};
/** Removes the line with its menu, and confirms. */
const takeAway = async (line, item) => {
  await choose(line, item);
  await press(button(item, page.getByRole('dialog')));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await button(`More for ${line}`).waitFor({ state: 'detached' });
};

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
  lamplight('user', 'role', ada.username, 'admin');
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

test('a prompt and an assistant are deleted, up to the last', async () => {
  for (const name of ['a', 'b', 'c']) {
    await as('POST', 'ai/prompts', { name, text: 'Something.' });
    await as('POST', 'ai/assistants', { name: `The ${name}`, instructions: 'Be kind.' });
  }
  for (const [hash, line, add] of [['prompts', (name) => `/${name}`, 'Add prompt'], ['assistants', (name) => `The ${name}`, 'Add assistant']]) {
    await view(hash);
    for (const [name, next] of [['b', 'c'], ['c', 'a'], ['a', null]]) {
      await takeAway(line(name), 'Delete');
      await focusIsOn(next === null ? add : `More for ${line(next)}`, `${hash}: ${name}`);
    }
  }
});

test('a model and a provider are removed, and a user is changed', async () => {
  const { id } = await as('POST', 'admin/providers', { name: 'Lanterns', kind: 'openai', baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL, key: 'sk-of-the-lanterns' });
  for (const label of ['Lantern 1', 'Lantern 2', 'Lantern 3']) await as('POST', 'admin/models', { providerId: id, upstreamName: label, label });
  await view('models');
  for (const [name, next] of [['Lantern 2', 'Lantern 3'], ['Lantern 3', 'Lantern 1'], ['Lantern 1', 'Lanterns']]) {
    await takeAway(name, 'Remove');
    await focusIsOn(`More for ${next}`, name);
  }
  await takeAway('Lanterns', 'Remove');
  await becomes(async () => /^(Add provider|More for .*)$/.test(await focused()), true);
  const bob = await newVisitor(browser);
  await register(bob);
  await bob.context.close();
  await view('users');
  await page.getByLabel('Search users').fill(bob.username);
  await becomes(() => page.getByRole('list', { name: 'Users' }).getByRole('listitem').count(), 1);
  for (const item of ['Disable', 'Enable', 'Make an administrator']) {
    await choose(bob.username, item);
    await focusIsOn(`More for ${bob.username}`, item);
  }
});

test('what is saved on the account’s page leaves the focus at its button', async () => {
  await view('account');
  const instructions = section('Instructions for all chats');
  await instructions.getByRole('textbox').fill('Be brief.');
  await press(button('Save', instructions));
  await page.getByText('Instructions saved.').waitFor();
  await focusIsOn('Save');
  assert.equal(await button('Save', instructions).isDisabled(), true);
  await section('Password').getByLabel('Current password').fill(password);
  await section('Password').getByLabel('New password').fill(password);
  await press(button('Change password'));
  await page.getByText('Password changed.').waitFor();
  await focusIsOn('Change password');
});

test('the second factor is turned on and off, and that is thought better of', async () => {
  await press(button('Turn on'));
  await section('Two-factor authentication').getByLabel('Your password').waitFor();
  await press(button('Cancel'));
  await focusIsOn('Turn on');
  await page.keyboard.press('Enter');
  await section('Two-factor authentication').getByLabel('Your password').fill(password);
  await page.keyboard.press('Enter');
  const secret = (await page.locator('code').first().innerText()).replaceAll(' ', '');
  await page.getByLabel('6-digit code').fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await focusIsOn('Save your recovery codes');
  await press(button('I’ve saved them'));
  await focusIsOn('New recovery codes');
  await press(button('Turn off'));
  await page.getByLabel('6-digit code').waitFor();
  await press(button('Cancel'));
  await focusIsOn('Turn off');
  await page.keyboard.press('Enter');
  await section('Two-factor authentication').getByLabel('Your password').fill(password);
  await query('UPDATE factor SET last_step = 0'); // as if the step of the last code were long past
  await page.getByLabel('6-digit code').fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await focusIsOn('Turn on');
});

test('devices are logged out, up to the last', async () => {
  for (let n = 0; n < 2; n++) await tokenOf(ada);
  await page.reload();
  const devices = page.getByRole('list', { name: 'Devices' });
  await devices.getByRole('listitem').nth(2).waitFor();
  const ends = devices.getByRole('button', { name: /^Log out/ });
  for (let left = (await ends.count()) - 1; left >= 0; left--) {
    await press(ends.first());
    await becomes(() => ends.count(), left);
    await becomes(async () => new RegExp(left > 0 ? '^Log out' : 'This device').test(await focused()), true, `${left} left`);
  }
});

test('everything is taken out, and something in', async () => {
  await press(button('Download ZIP file'));
  await page.getByText('Your export is in your downloads.').waitFor();
  await focusIsOn('Download ZIP file');
  await view('prompts');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press(button('Import…'))]);
  await chooser.setFiles({ name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ lamplight: 'library', version: 1, assistants: [], prompts: [] })) });
  await press(button('Done'));
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await focusIsOn('Import…');
  await press(button('Export all'));
  await focusIsOn('Export all');
});

test('what could not be read is read once more', async () => {
  const archived = (url) => /\/ai\/sessions$/.test(url.pathname) && url.searchParams.has('archived');
  await page.route(archived, (route) => route.abort('connectionrefused'));
  await view('archive');
  await button('Try again').waitFor();
  await page.unroute(archived);
  await press(button('Try again'));
  await page.getByText('No archived chats.').waitFor();
  await focusIsOn('Archive');
});
