// What administrators and strangers may meet in the page: equal names, rows that are gone, invalid fields, links to what does
// not exist, and every dialog of administrators on a phone and on a wide screen.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { lamplight } from '../../support/instance.mjs';
import { play } from '../../support/model.mjs';
import { contrastViolations, violations } from '../access.mjs';
import { becomes, composer, launch, logIn, newVisitor, register, replies, replyEnded, send, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { says } from './scripts.mjs';

const long = 'Eine-sehr-lange-Bezeichnung-ohne-jede-Lücke-die-nirgends-umbrechen-will-und-trotzdem-Platz-braucht';
let browser;
let ada; // an administrator
let provider;

const as = async (who, method, path, body) => (await call(method, path, await tokenOf(who), body)).json().catch(() => null);
const listed = async (what) => (await as(ada, 'GET', `admin/${what}`))[what];
const button = (page, name) => page.getByRole('button', { name, exact: true });
const closed = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });
const menu = async (page, of, item) => {
  await button(page, `More for ${of}`).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
};
const view = async ({ page, base }, hash) => {
  await page.goto(`${base}#${hash}`);
  await page.reload();
};
const addModel = (change) => as(ada, 'POST', 'admin/models', { providerId: provider.id, upstreamName: 'lantern-2', label: 'Lantern', ...change });

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  lamplight('user', 'role', ada.username, 'admin');
  provider = await as(ada, 'POST', 'admin/providers', { name: 'Lanterns', kind: 'openai', baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL, key: 'sk-of-the-lanterns' });
});
after(async () => {
  for (const { id, locked } of await listed('models')) if (!locked) await as(ada, 'DELETE', `admin/models/${id}`);
  for (const { id, locked } of await listed('providers')) if (!locked) await as(ada, 'DELETE', `admin/providers/${id}`);
  for (const { id, mine } of (await as(ada, 'GET', 'ai/assistants')).assistants) if (mine) await as(ada, 'DELETE', `ai/assistants/${id}`);
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

test('two settings of one model are told apart in the picker, below replies and in the administration', async () => {
  const { page } = ada;
  await addModel();
  await view(ada, 'models');
  await page.getByRole('region', { name: 'Lanterns' }).getByRole('button', { name: 'Add model' }).click();
  await page.getByLabel('Model name at the provider').fill('lantern-2');
  await page.getByLabel('Display name').fill('Lantern');
  await page.getByText('Another model has this name. This one is shown as “Lantern (Lanterns, 2)”.').waitFor();
  await button(page, 'Add').click();
  await closed(page);
  await button(page, 'More for Lantern (Lanterns, 1)').waitFor();

  await page.goto(ada.base);
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByRole('option', { name: /^Lantern \(Lanterns, 1\)/ }).waitFor();
  await page.getByRole('option', { name: /^Lantern \(Lanterns, 2\)/ }).click();
  const script = await play(says('By lantern.'));
  await send(page, `Who? ${script.mark}`);
  await replyEnded(page);
  const line = replies(page).last().locator('footer').getByText(/^Lantern \(Lanterns, 2\)/);
  await line.waitFor();
  assert.match(await line.getAttribute('title'), /^lantern-2 · /);
  const [, second] = (await listed('models')).filter(({ label }) => label === 'Lantern');
  await as(ada, 'DELETE', `admin/models/${second.id}`);
  await page.reload();
  await replies(page).last().locator('footer').getByText(/^lantern-2 ·/).waitFor(); // the page no longer knows another name for it
});

test('a row that another administrator removed is named and can be added again as entered', async () => {
  const { page } = ada;
  await view(ada, 'models');
  const { id } = await as(ada, 'POST', 'admin/providers', { name: 'Torches', kind: 'openai', baseUrl: 'https://torches.test/v1' });
  await page.reload();
  await menu(page, 'Torches', 'Change');
  await page.getByLabel('Name', { exact: true }).fill('Candles');
  await page.getByLabel('API key').fill('sk-of-the-candles');
  await as(ada, 'DELETE', `admin/providers/${id}`);
  await button(page, 'Save').click();
  await page.getByText('This provider was removed in the meantime. What you entered is still here. You can add it as new.').waitFor();
  await button(page, 'Add as new').click();
  await closed(page);
  const [made] = (await listed('providers')).filter(({ name }) => name === 'Candles');
  assert.deepEqual([made.baseUrl, made.hasKey], ['https://torches.test/v1', true]);
  await menu(page, 'Candles', 'Remove');
  await as(ada, 'DELETE', `admin/providers/${made.id}`);
  await button(page, 'Remove').click();
  await closed(page);
  await page.getByRole('region', { name: 'Candles' }).waitFor({ state: 'detached' });

  const owl = await as(ada, 'POST', 'ai/assistants', { name: 'Owl', instructions: 'Be wise.' });
  await view(ada, 'assistants');
  await menu(page, 'Owl', 'Edit');
  await page.getByLabel('Instructions').fill('Be wiser.');
  await as(ada, 'DELETE', `ai/assistants/${owl.id}`);
  await button(page, 'Save').click();
  await page.getByText('This assistant was deleted in the meantime.').waitFor();
  await button(page, 'Add as new').click();
  await closed(page);
  await becomes(async () => (await as(ada, 'GET', 'ai/assistants')).assistants.filter(({ name }) => name === 'Owl').length, 1);
});

test('what is wrong with a field is said in the reader’s language and by its label', async () => {
  const visitor = await newVisitor(browser, { locale: 'de' });
  visitor.username = ada.username;
  const { page } = visitor;
  await page.goto(visitor.base);
  await page.getByLabel('Benutzername').fill(ada.username);
  await page.getByLabel('Passwort').fill('a lamp in the window');
  await button(page, 'Anmelden').click();
  await composer(page).or(page.getByLabel('Ihre Nachricht')).first().waitFor();
  await view(visitor, 'models');
  await button(page, 'Anbieter hinzufügen').click();
  await page.getByLabel('Name', { exact: true }).fill('Fackeln');
  await page.getByLabel('Adresse').fill('https://fackeln.test/v1?key=1');
  await button(page, 'Hinzufügen').click();
  await page.getByText('„Adresse“ nimmt eine http- oder https-Adresse ohne Passwort, ? oder #.').waitFor();
  await page.getByLabel('Adresse').fill('https://fackeln.test/v1');
  await page.getByLabel('API-Schlüssel').fill('sk mit Lücke');
  await button(page, 'Hinzufügen').click();
  await page.getByText('„API-Schlüssel“ nimmt eine Zeile').waitFor();
  await page.getByLabel('API-Schlüssel').fill('');
  await page.getByText('Weitere Einstellungen').click();
  await page.getByLabel('Zusätzliche Header').fill('Host: x');
  await button(page, 'Hinzufügen').click();
  await page.getByText('„Zusätzliche Header“ nimmt höchstens 32').waitFor();
  assert.deepEqual(visitor.complaints, []);
  await visitor.context.close();
});

test('a link to an assistant or a model that is not there says so, and a chat begins all the same', async () => {
  const { page } = ada;
  const other = await newVisitor(browser);
  await register(other);
  const hidden = await as(other, 'POST', 'ai/assistants', { name: 'Hidden', instructions: 'x' });
  for (const name of ['abc', '17', hidden.id]) {
    await page.goto(`${ada.base}?assistant=${name}`);
    await page.getByRole('status').getByText('This assistant is no longer available.').waitFor();
    assert.equal(new URL(page.url()).search, '');
  }
  await page.getByRole('button', { name: 'Model: test-model' }).waitFor();
  const script = await play(says('All the same.'));
  await send(page, `Is there anybody? ${script.mark}`);
  await replyEnded(page);
  for (const name of ['abc', '17']) {
    await page.goto(`${ada.base}?model=${name}`);
    await page.getByText('The model in this link isn’t available. Your usual one answers instead.').waitFor();
  }
  const [lantern] = (await listed('models')).filter(({ label }) => label === 'Lantern');
  await page.goto(`${ada.base}?model=configured`);
  await page.getByRole('button', { name: 'Model: test-model' }).waitFor();
  await page.goto(`${ada.base}?model=${lantern.id}`);
  await page.getByRole('button', { name: 'Model: Lantern' }).waitFor();
  await other.context.close();
});

/** Texts and fields in the dialog, or else on the screen, that are cut or stick out. Runs in the page. */
function cut() {
  const box = document.querySelector('dialog[open]') ?? document.querySelector('main');
  const all = [...box.querySelectorAll('*')].filter((each) => each.checkVisibility() && each.closest('svg, .sr-only, .overflow-x-auto') === null);
  const { left, right } = box.getBoundingClientRect();
  return all.flatMap((each) => {
    const at = each.getBoundingClientRect();
    const wide = each.scrollWidth > each.clientWidth + 1 && !each.matches('.truncate, input, textarea, select, option') && getComputedStyle(each).display !== 'inline';
    return at.left < left - 1 || at.right > right + 1 || wide ? [each.outerHTML.slice(0, 160)] : [];
  });
}

const devices = {
  desktop: { viewport: { width: 1280, height: 860 } },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};
for (const [device, options] of Object.entries(devices))
  test(`every dialog and page of it, with long names, on a ${device}`, async () => {
    const named = await as(ada, 'POST', 'admin/providers', { name: `Anbieter ${long}`.slice(0, 60) + device.slice(0, 4), kind: 'openai', baseUrl: process.env.LAMPLIGHT_LLM_BASE_URL });
    const model = await as(ada, 'POST', 'admin/models', { providerId: named.id, upstreamName: `${long}/${long}`, label: `Modell ${long} ${device}`, prices: { input: 123456789, cached: 1, output: 999999999999 }, takes: 'images=off tools=off' });
    const prompt = `prompt-${device}-${'x'.repeat(45)}`;
    await as(ada, 'POST', 'ai/prompts', { name: prompt, text: `Of {{${long}}} and {{topic}}.` });
    const assistant = await as(ada, 'POST', 'ai/assistants', { name: `Assistent ${long} ${device}`.slice(0, 128), icon: '🦉', description: `${long} ${long}`, instructions: 'Help {{user.name}}.' });
    const person = `${device}-${'w'.repeat(50)}`;
    await as(ada, 'POST', 'admin/users', { username: person, password: 'a lamp in the window' });

    const visitor = await newVisitor(browser, options);
    visitor.username = ada.username;
    const { page } = visitor;
    await page.goto(visitor.base);
    await logIn(visitor);
    await composer(page).waitFor();
    const looks = async (name) => {
      const found = {};
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await shot(page, `administration-${device}-${name}-${colorScheme}`);
        found[colorScheme] = await (colorScheme === 'light' ? violations(page) : contrastViolations(page));
      }
      assert.deepEqual(found, { light: [], dark: [] }, name);
      assert.deepEqual(await page.evaluate(cut), [], `${name}: what is cut`);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} is wider than the screen`);
    };
    /** A dialog opens with the focus in it, Escape closes it, and the focus returns. */
    const dialog = async (name, open, of, more = async () => {}, first = null) => {
      await open();
      await page.getByRole('dialog').waitFor();
      await becomes(() => page.evaluate(() => document.activeElement?.closest('dialog') !== null), true, `${name}: the focus is in it`);
      // On a touch screen the keyboard would cover the dialog.
      if (first !== null && device !== 'phone') await becomes(() => page.getByLabel(first, { exact: true }).or(page.getByRole('button', { name: first, exact: true })).evaluate((element) => element === document.activeElement), true, `${name}: its first field`);
      await more();
      await looks(name);
      await page.keyboard.press('Escape');
      await closed(page);
      await focused(name, of);
    };
    const focused = (name, of) => becomes(() => of.evaluate((element) => element === document.activeElement), true, `${name}: the focus is back`);
    const unfold = () => page.getByText(/^(More settings|Model, options and tools)$/).click();
    const byMenu = (name, of, item, more, first) => dialog(name, () => menu(page, of, item), button(page, `More for ${of}`), more, first);
    const byButton = (name, label, more, first) => dialog(name, () => label.click(), label, more, first);

    await view(visitor, 'models');
    await button(page, `More for ${model.label}`).waitFor();
    await looks('models');
    await byButton('provider-new', button(page, 'Add provider'), unfold, 'Name');
    await byMenu('provider', named.name, 'Change', unfold);
    await menu(page, named.name, 'Change');
    await button(page, 'Save').click();
    await closed(page);
    await focused('saved', button(page, `More for ${named.name}`));
    await byMenu('provider-remove', named.name, 'Remove', async () => {
      await button(page, 'Remove').click();
      await page.getByText('This provider still has models. Remove them first.').waitFor();
    }, 'Cancel');
    await byButton('model-new', page.getByRole('region', { name: named.name }).getByRole('button', { name: 'Add model' }), async () => {
      await page.getByLabel('Model name at the provider').fill(`${long}/${long}`);
      await page.getByLabel('Display name').fill(model.label);
      await page.getByText('Another model has this name.').waitFor();
    }, 'Model name at the provider');
    await byMenu('model', model.label, 'Change', unfold);
    await byMenu('model-remove', model.label, 'Remove', undefined, 'Cancel');
    await byMenu('model-test', model.label, 'Test', () => page.getByRole('dialog').getByText(/^The model (works|doesn’t answer)/).waitFor());

    await view(visitor, 'users');
    await page.getByRole('textbox', { name: 'Search users' }).fill(person);
    await becomes(() => page.getByRole('list', { name: 'Users' }).getByRole('listitem').count(), 1);
    await button(page, `More for ${person}`).waitFor();
    await looks('users');
    await button(page, `More for ${person}`).click();
    await page.getByRole('menuitem').first().waitFor();
    await shot(page, `administration-${device}-user-menu`);
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await byMenu('user-password', person, 'Set a new password', undefined, 'Password');
    await byButton('user-new', button(page, 'Add user'), async () => {
      await page.getByLabel('Username').fill(person);
      await page.getByLabel('Password').fill('a lamp in the window');
      await button(page, 'Add').click();
      await page.getByText('This username is taken.').waitFor();
    }, 'Username');
    await view(visitor, 'usage');
    for (const kind of ['user', 'model', 'day']) {
      await page.getByLabel('Show by').selectOption(kind);
      await page.getByRole('table').waitFor();
      // A shade shows where the region scrolls before anybody tries.
      const [wider, shades] = await page.getByRole('region', { name: 'Usage' }).evaluate((element) => [element.scrollWidth > element.clientWidth, getComputedStyle(element).backgroundAttachment]);
      if (device === 'phone') assert.ok(wider);
      assert.equal(shades, 'local, local, scroll, scroll');
      await looks(`usage-${kind}`);
    }

    await view(visitor, 'assistants');
    await button(page, `More for ${assistant.name}`).waitFor();
    await looks('assistants');
    await byButton('assistant-new', button(page, 'Add assistant'), unfold, 'Name');
    await byMenu('assistant', assistant.name, 'Edit', unfold, 'Name');
    await byMenu('assistant-delete', assistant.name, 'Delete', undefined, 'Cancel');
    await view(visitor, 'prompts');
    await button(page, `More for /${prompt}`).waitFor();
    await looks('prompts');
    await byButton('prompt-new', button(page, 'Add prompt'), undefined, 'Name');
    await byMenu('prompt', `/${prompt}`, 'Edit', undefined, 'Name');
    await byMenu('prompt-delete', `/${prompt}`, 'Delete', undefined, 'Cancel');
    assert.deepEqual(visitor.complaints, []);
    await visitor.context.close();
  });
