// Exporting all one's assistants and prompts as a file, importing it into another account, and what the page says about a
// file that is not one.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { contrastViolations, violations } from '../access.mjs';
import { composer, launch, logIn, newVisitor, register, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { lamplight } from '../../support/instance.mjs';

const CANARY = 'canary-of-the-instructions';
let browser;
let ada; // an administrator
let bob;

const as = async (who, method, path, body) => call(method, path, await tokenOf(who), body);
const button = (page, name) => page.getByRole('button', { name, exact: true });
const closed = (page) => page.getByRole('dialog').waitFor({ state: 'detached' });

before(async () => {
  browser = await launch();
  [ada, bob] = [await newVisitor(browser), await newVisitor(browser)];
  await register(ada);
  await register(bob);
  lamplight('user', 'role', ada.username, 'admin');
  const owl = await (await as(ada, 'POST', 'ai/assistants', { name: 'Owl', icon: '🦉', instructions: `${CANARY}: you help {{user.name}}.` })).json();
  await as(ada, 'PATCH', `ai/assistants/${owl.id}`, { version: owl.version, published: true });
  await as(bob, 'POST', 'ai/prompts', { name: 'sum-up', text: 'Sum up {{topic}}.' });
});
after(async () => {
  for (const { id, mine } of (await (await as(ada, 'GET', 'ai/assistants')).json()).assistants) if (mine) await as(ada, 'DELETE', `ai/assistants/${id}`);
  assert.deepEqual([...ada.complaints, ...bob.complaints], []);
  await browser.close();
});

test('all of one’s own go out as a file and come in elsewhere, and what cannot is said', async () => {
  const { page } = ada;
  await page.goto(`${ada.base}#assistants`);
  await page.reload();
  const [download] = await Promise.all([page.waitForEvent('download'), button(page, 'Export all').click()]);
  const file = await download.path();
  const saved = JSON.parse(readFileSync(file, 'utf8'));
  assert.equal(saved.assistants.find(({ name }) => name === 'Owl').instructions, `${CANARY}: you help {{user.name}}.`);

  const reader = bob.page;
  await reader.goto(`${bob.base}#prompts`);
  await reader.reload();
  const give = async (name, content) => {
    const [chooser] = await Promise.all([reader.waitForEvent('filechooser'), button(reader, 'Import…').click()]);
    await chooser.setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) });
    await reader.getByRole('dialog').waitFor();
  };
  await give('holiday.json', '{"photos": []}');
  await reader.getByText('This isn’t a file of assistants and prompts.').waitFor();
  await shot(reader, 'assistants-import-refused');
  assert.deepEqual(await violations(reader), []);
  await reader.keyboard.press('Escape');
  await closed(reader);
  await give('odd.json', JSON.stringify({ ...saved, assistants: [{ name: 'Crow', icon: 'x'.repeat(99) }] }));
  await reader.getByText('Assistant 1 (Crow) in the file can’t be used.').waitFor();
  await reader.keyboard.press('Escape');
  await closed(reader);
  await give('mine.json', JSON.stringify({ lamplight: 'library', version: 1, assistants: [{ name: 'Heron', icon: '🪶', modelId: '17' }], prompts: [{ name: 'sum-up', text: 'Another text.' }] }));
  await reader.getByRole('list', { name: 'Added' }).getByText('/sum-up-2').waitFor();
  await shot(reader, 'assistants-import-added');
  assert.deepEqual(await violations(reader), []);
  await button(reader, 'Done').click();
  await closed(reader);
  await reader.getByRole('list', { name: 'Your prompts' }).getByText('/sum-up-2').waitFor();
  assert.equal((await (await as(bob, 'GET', 'ai/assistants')).json()).assistants.find(({ name }) => name === 'Heron').modelId, null);

  // Bob may use Owl, but his file contains nothing of it.
  const [his] = await Promise.all([reader.waitForEvent('download'), button(reader, 'Export all').click()]);
  const text = readFileSync(await his.path(), 'utf8');
  assert.ok(text.includes('Heron') && !text.includes(CANARY) && !text.includes('Owl'));
});

for (const [name, options, colorScheme] of [['phone', { viewport: { width: 360, height: 780 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true }, 'dark'], ['japanese', { locale: 'ja' }, 'light']])
  test(`what it looks like: ${name}; axe finds nothing, and nothing is wider than the screen`, async () => {
    const visitor = await newVisitor(browser, { ...options, colorScheme });
    const { page } = visitor;
    visitor.username = bob.username;
    await page.addInitScript(() => localStorage.setItem('lamplight.language', '{"state":{"chosen":"en"},"version":0}'));
    await page.goto(visitor.base);
    await logIn(visitor);
    await composer(page).waitFor();
    if (options.locale !== undefined) await page.addInitScript(() => localStorage.setItem('lamplight.language', '{"state":{"chosen":"ja"},"version":0}'));
    await page.goto(`${visitor.base}#prompts`);
    await page.reload();
    const look = async (view) => {
      await page.evaluate(() => new Promise((over) => setTimeout(over, 300)));
      await shot(page, `library-${name}-${view}`);
      assert.deepEqual(await (colorScheme === 'light' ? violations(page) : contrastViolations(page)), [], view);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${view} is wider than the screen`);
    };
    const give = async (file) => {
      await page.locator('input[type=file]').setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ lamplight: 'library', version: 1, ...file })) });
      await page.getByRole('dialog').waitFor();
    };
    await page.locator('main ul').first().getByText('/sum-up', { exact: true }).waitFor();
    await look('page');
    await give({ assistants: [{ name: 'Crow', icon: 'x y z' }] });
    await look('refused');
    await page.keyboard.press('Escape');
    await closed(page);
    await give({ assistants: Array.from({ length: 12 }, (_, n) => ({ name: `${name} ${n}`, modelId: '17' })), prompts: [{ name: 'sum-up', text: `Of ${name}.` }] });
    await look('added');
    await visitor.context.close();
  });
