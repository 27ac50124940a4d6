// Several models: an administrator adds them in the page, people choose from them, and a chat keeps its model.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lamplight } from '../../support/instance.mjs';
import { play } from '../../support/model.mjs';
import { contrastViolations, violations } from '../access.mjs';
import { becomes, composer, launch, logIn, newSession, newVisitor, password, register, replies, replyEnded, send, sessionIdOf, shot, write } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { says } from './scripts.mjs';

const KEY = 'sk-canary-5e1f-the-key';
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
  for (const { id, locked } of await listed('models')) if (!locked) await as(ada, 'DELETE', `admin/models/${id}`);
  for (const { id, locked } of await listed('providers')) if (!locked) await as(ada, 'DELETE', `admin/providers/${id}`);
  assert.deepEqual([...ada.complaints, ...bob.complaints], []);
  await browser.close();
});

/** The instance's tokens are short-lived. */
const as = async (who, method, path, body) => call(method, path, await tokenOf(who), body);
const listed = async (what) => (await (await as(ada, 'GET', `admin/${what}`)).json())[what];
const button = (page, name) => page.getByRole('button', { name, exact: true });
const picker = (page) => page.getByRole('button', { name: /^Model:/ });
const account = async (page) => {
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Account and usage' }).waitFor();
};
const menu = async (page, of, item) => {
  await button(page, `More for ${of}`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
};
const administration = async (page) => {
  await account(page);
  await page.getByRole('menuitem', { name: 'Administration' }).click();
  await page.getByRole('heading', { name: 'Administration' }).waitFor();
};
const closed = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });

test('ordinary users see no link to administration, and its address says why', async () => {
  const { page } = bob;
  await account(page);
  assert.equal(await page.getByRole('menuitem', { name: 'Administration' }).count(), 0);
  await page.keyboard.press('Escape');
  await page.goto(`${bob.base}#models`);
  await page.getByText('Only administrators can see this.').waitFor();
  await page.goto(bob.base);
  await composer(page).waitFor();
});

test('an administrator adds a provider and a model of it', async () => {
  const { page } = ada;
  await administration(page);
  await page.getByText('This is set in the server’s configuration file').waitFor();
  await button(page, 'Add provider').click();
  await page.getByLabel('Name', { exact: true }).fill('Lanterns');
  await page.getByLabel('Address').fill(process.env.LAMPLIGHT_LLM_BASE_URL);
  await page.getByLabel('API key').fill(`${KEY}`);
  await button(page, 'Add').click();
  await closed(page);
  const card = page.getByRole('region', { name: 'Lanterns' });
  await card.getByText('Key ending in').waitFor();
  assert.ok(!(await page.content()).includes(KEY));

  await card.getByRole('button', { name: 'Add model' }).click();
  await page.getByLabel('Model name at the provider').fill('lantern-2');
  await page.getByLabel('Display name').fill('Lantern Two');
  await page.getByLabel('Input', { exact: true }).fill('1000');
  await page.getByLabel('Output', { exact: true }).fill('2000');
  await button(page, 'Add').click();
  await closed(page);
  await card.getByText('Lantern Two').waitFor();
  await card.getByText('1,000 in, 2,000 out per million tokens').waitFor();
});

test('people pick it by keyboard; it answers, its price is told, and the chat stays with it', async () => {
  const { page } = bob;
  await page.reload();
  await picker(page).focus();
  await picker(page).press('Enter');
  const list = page.getByRole('listbox', { name: 'Choose a model' });
  await list.getByRole('option', { name: /test-model/, selected: true }).waitFor();
  await becomes(() => list.evaluate((element) => element === document.activeElement), true);
  await list.press('l');
  await list.press('Enter');
  await page.getByRole('button', { name: 'Model: Lantern Two' }).waitFor();
  await becomes(() => picker(page).evaluate((element) => element === document.activeElement), true);

  const script = await play(says('By lantern.'));
  await send(page, `Who is there? ${script.mark}`);
  await replyEnded(page);
  assert.deepEqual((await script.requests()).map(({ model }) => model), ['lantern-2']);
  await replies(page).last().getByText(/Lantern Two|lantern-2/).waitFor();
  await replies(page).last().getByText('cost 0.072').waitFor(); // 12 tokens in, 30 out

  await page.reload();
  await page.getByRole('button', { name: 'Model: Lantern Two' }).waitFor();
  await replies(page).last().getByText('cost 0.072').waitFor();
  await newSession(page);
  await page.getByRole('button', { name: 'Model: Lantern Two' }).waitFor(); // the model chosen last
});

test('in the middle of a chat another one is picked, and a reply is made again by the first', async () => {
  const { page } = bob;
  const script = await play(says('First.'));
  await send(page, `One ${script.mark}`);
  await replyEnded(page);
  await picker(page).click();
  await page.getByRole('option', { name: /test-model/ }).click();
  await page.getByRole('button', { name: 'Model: test-model' }).waitFor();
  const id = sessionIdOf(page);
  await becomes(async () => (await (await as(bob, 'GET', `ai/sessions/${id}`)).json()).model, null); // null stands for the default model
  await send(page, `Two ${script.mark}`);
  await replyEnded(page);
  await replies(page).last().getByRole('button', { name: 'More for this reply' }).click();
  await page.getByRole('menuitem', { name: 'With another model…' }).click();
  await page.getByRole('listbox', { name: 'Reply again with' }).getByRole('option', { name: /Lantern Two/ }).click();
  await script.called(3);
  await replyEnded(page);
  assert.deepEqual((await script.requests()).map(({ model }) => model), ['lantern-2', 'test-model', 'lantern-2']);
  await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor();
  await page.getByRole('button', { name: 'Model: Lantern Two' }).waitFor();
});

test('options of a chat are asked for, kept and taken back', async () => {
  const { page } = bob;
  await button(page, 'Model options').click();
  await page.getByLabel('Temperature').fill('0.25');
  await page.getByLabel('Maximum reply length (tokens)').fill('77');
  await page.getByLabel('The model may use tools').uncheck();
  await button(page, 'Save').click();
  await closed(page);
  await button(page, 'Model options (changed)').waitFor();
  const script = await play(says('Cool.'));
  await send(page, `Options? ${script.mark}`);
  await replyEnded(page);
  const [asked] = await script.requests();
  assert.deepEqual([asked.temperature, asked.max_tokens ?? asked.max_completion_tokens, asked.tools], [0.25, 77, undefined]);
  await page.reload();
  await button(page, 'Model options (changed)').click();
  assert.equal(await page.getByLabel('Temperature').inputValue(), '0.25');
  await button(page, 'Reset').click();
  await button(page, 'Model options').waitFor();
});

test('a model that is gone: a sentence, the list, and the question is not lost', async () => {
  const [model] = (await listed('models')).filter(({ label }) => label === 'Lantern Two');
  await as(ada, 'PATCH', `admin/models/${model.id}`, { version: model.version, enabled: false });
  // Another model stays, so that there is still a choice.
  const { page } = bob;
  await becomes(async () => (await (await as(bob, 'GET', 'ai/models')).json()).models.length, 1);
  const script = await play(says('Here all the same.'));
  await write(page, `Still there? ${script.mark}`);
  const picker = page.getByRole('dialog', { name: 'Choose a model' });
  await picker.getByRole('alert').getByText('This model is no longer available. Choose another one.').waitFor();
  await becomes(() => picker.evaluate((element) => element.contains(document.activeElement)), true, 'the focus is in it');
  await page.keyboard.press('Enter'); // the first model
  await script.called();
  await replyEnded(page);
  assert.deepEqual((await script.requests()).map(({ model }) => model), ['test-model']);
  assert.equal(await page.getByText('Not sent.').count(), 0);
  await page.getByText('test-model', { exact: true }).last().waitFor();
  await as(ada, 'PATCH', `admin/models/${model.id}`, { version: model.version + 1, enabled: true });
});

test('two administrators: who changes what another one has changed is told, and sees it then', async () => {
  const { page } = ada;
  await menu(page, 'Lantern Two', 'Change');
  const [model] = (await listed('models')).filter(({ label }) => label === 'Lantern Two');
  await page.getByLabel('Display name').fill('Lantern of mine');
  await as(ada, 'PATCH', `admin/models/${model.id}`, { version: model.version, label: 'Lantern Two B' });
  await button(page, 'Save').click();
  await page.getByText('Someone else changed this in the meantime.').waitFor();
  await button(page, 'Cancel').click();
  await page.getByText('Lantern Two B', { exact: true }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('people are found, made administrators, and shut out; the last administrator stays', async () => {
  const { page } = ada;
  await button(page, 'Users').click();
  await page.getByRole('textbox', { name: 'Search users' }).fill(bob.username);
  await becomes(() => page.getByRole('list', { name: 'Users' }).getByRole('listitem').count(), 1);
  const line = page.getByRole('list', { name: 'Users' }).getByRole('listitem').filter({ hasText: bob.username });
  await line.waitFor();
  await menu(page, bob.username, 'Make an administrator');
  await line.getByText('administrator').waitFor();
  await menu(page, bob.username, 'Make an ordinary user');
  await line.getByText('administrator').waitFor({ state: 'detached' });

  await button(page, 'Add user').click();
  const name = `cy-${process.pid}-${Date.now().toString(36)}`;
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Add').click();
  await closed(page);
  await page.getByRole('textbox', { name: 'Search users' }).fill(name);
  await becomes(() => page.getByRole('list', { name: 'Users' }).getByRole('listitem').count(), 1);
  await menu(page, name, 'Disable');
  await page.getByRole('list', { name: 'Users' }).getByText('disabled').waitFor();
});

const devices = { desktop: {}, phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } };
for (const [device, options] of Object.entries(devices)) {
  test(`what it looks like on a ${device}: axe finds nothing, and nothing is wider than the screen`, async () => {
    const visitor = await newVisitor(browser, options);
    const { page } = visitor;
    visitor.username = ada.username;
    await page.goto(visitor.base);
    await logIn(visitor);
    await picker(page).waitFor();
    const looks = async (name) => {
      const found = {};
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await shot(page, `models-${device}-${name}-${colorScheme}`);
        found[colorScheme] = await (colorScheme === 'light' ? violations(page) : contrastViolations(page));
      }
      assert.deepEqual(found, { light: [], dark: [] }, name);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} is wider than the screen`);
    };
    await picker(page).click();
    await page.getByRole('option', { name: /Lantern/ }).waitFor();
    await looks('picker');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Model options/ }).click();
    await page.getByLabel('Temperature').waitFor();
    await looks('options');
    await page.goto(`${visitor.base}#models`);
    await page.reload();
    await page.getByText('Lantern Two B').waitFor();
    await looks('administration');
    await menu(page, 'Lantern Two B', 'Change');
    await page.getByText('More settings').click();
    await page.getByLabel('Fallback model').waitFor();
    await looks('model');
    await button(page, 'Cancel').click();
    await closed(page);
    await menu(page, 'Lanterns', 'Change');
    await page.getByLabel('API key').waitFor();
    await looks('provider');
    await button(page, 'Cancel').click();
    await closed(page);
    await button(page, 'Users').click();
    await page.getByRole('list', { name: 'Users' }).getByRole('listitem').first().waitFor();
    await looks('users');
    assert.deepEqual(visitor.complaints, []);
    await visitor.context.close();
  });
}
