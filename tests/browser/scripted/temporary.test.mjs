// A temporary chat begins with one press, is in no list, survives a reload, and stays if the user decides to keep it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from '../access.mjs';
import { ask, baseUrl, becomes, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, sessionRows, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';

let browser;
let ada;
let phone;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  phone = await newVisitor(browser, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, colorScheme: 'dark' });
  for (const visitor of [ada, phone]) await register(visitor);
});
after(() => browser.close());

const toggle = (page) => page.getByRole('button', { name: 'Temporary chat' });
const note = (page) => page.getByRole('region', { name: 'Temporary chat' });
const session = async (visitor, id) => (await call('GET', `ai/sessions/${id}`, await tokenOf(visitor))).json();

for (const [name, visitor] of [['a desktop', () => ada], ['a phone', () => phone]]) {
  test(`on ${name} it is begun, goes on after a reload, and is in no list`, async () => {
    const { page } = visitor();
    await toggle(page).click();
    await page.getByText('It won’t be in your list and will be deleted 24 hours after its last message.').waitFor();
    assert.equal(await toggle(page).getAttribute('aria-pressed'), 'true');
    assert.deepEqual(await violations(page), []);
    await shot(page, `temporary-new-${name.slice(2)}`);
    await ask(page, 'What is in the box?');
    await note(page).getByText('Temporary chat: deleted 24 hours after its last message').waitFor();
    const id = sessionIdOf(page);
    assert.equal((await session(visitor(), id)).temporary, true);
    await page.reload();
    await replyEnded(page);
    await note(page).waitFor();
    await ask(page, 'And what else?');
    await becomes(() => replies(page).count(), 2);
    assert.deepEqual(await violations(page), []);
    await shot(page, `temporary-${name.slice(2)}`);
    if (visitor() === phone) await page.getByRole('button', { name: 'Open the chat list' }).tap();
    await page.getByText('Your chats will appear here.').waitFor();
    assert.equal(await sessionRows(page).count(), 0);
    if (visitor() === phone) await page.keyboard.press('Escape');
  });
}

test('the next chat is an ordinary one', async () => {
  const { page } = ada;
  await newSession(page);
  await toggle(page).waitFor();
  assert.equal(await toggle(page).getAttribute('aria-pressed'), 'false');
  await toggle(page).click();
  await toggle(page).click(); // and off again
  await ask(page, 'An open question');
  await sessionRows(page).filter({ hasText: 'An open question' }).waitFor();
  assert.equal(await note(page).count(), 0);
  assert.equal((await session(ada, sessionIdOf(page))).temporary, undefined);
});

test('what is typed for one and not sent stays for one, over a look at another chat and a reload', async () => {
  const { page } = ada;
  await newSession(page);
  await toggle(page).click();
  await page.locator('#composer').fill('Between us');
  await sessionRows(page).filter({ hasText: 'An open question' }).click();
  await replyEnded(page);
  await page.goBack();
  await becomes(() => toggle(page).getAttribute('aria-pressed'), 'true');
  await page.reload();
  await becomes(() => page.locator('#composer').inputValue(), 'Between us');
  await becomes(() => toggle(page).getAttribute('aria-pressed'), 'true');
  await page.locator('#composer').press('Enter');
  await replyEnded(page);
  assert.equal((await session(ada, sessionIdOf(page))).temporary, true);
  await newSession(page);
  await becomes(() => toggle(page).getAttribute('aria-pressed'), 'false');
});

test('its menu offers what makes sense for it, and whoever keeps it has it in the list', async () => {
  const { page } = ada;
  await newSession(page);
  await toggle(page).click();
  await ask(page, 'Something to keep');
  await note(page).waitFor();
  await page.getByRole('button', { name: 'More for this chat' }).click();
  await becomes(() => page.getByRole('menuitem').allInnerTexts(), ['Rename', 'Keep this chat', 'Instructions', 'Export as Markdown', 'Export as JSON', 'Delete']);
  await page.keyboard.press('Escape');
  await note(page).getByRole('button', { name: 'Keep this chat' }).click();
  await sessionRows(page).filter({ hasText: 'Something to keep' }).waitFor();
  await note(page).waitFor({ state: 'detached' });
  await becomes(() => page.evaluate(() => document.activeElement?.id), 'composer');
  assert.equal((await session(ada, sessionIdOf(page))).temporary, undefined);
  await page.reload();
  await sessionRows(page).filter({ hasText: 'Something to keep' }).waitFor();
  assert.equal(await note(page).count(), 0);
});

test('what could not be sent becomes a temporary chat all the same', async () => {
  const { page, context } = ada;
  await page.goto(baseUrl);
  await toggle(page).click();
  await context.setOffline(true);
  await send(page, 'Written without a network');
  await page.getByText(/not sent/i).first().waitFor();
  await page.reload().catch(() => {});
  await context.setOffline(false);
  await page.goto(baseUrl);
  await page.getByRole('region', { name: 'Not sent' }).getByRole('button').click();
  await note(page).waitFor();
  assert.equal((await session(ada, sessionIdOf(page))).temporary, true);
  assert.deepEqual(ada.complaints, []);
});
