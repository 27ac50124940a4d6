// The frame around the conversation: keyboard, theme, language, export, account, and the drawer on a phone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { violations } from './access.mjs';
import { baseUrl, becomes, composer, launch, logIn, newVisitor, password, register, replies, replyEnded, send, sessionIdOf, sessionRows, shot } from './browser.mjs';
import { seedSessions, tokenOf } from './seed.mjs';

let browser;
let ada;
let ids;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser, { acceptDownloads: true });
  await ada.page.goto(baseUrl);
  assert.deepEqual(await violations(ada.page), []);
  await register(ada);
  ids = await seedSessions(await tokenOf(ada), 3);
  await ada.page.reload();
  await sessionRows(ada.page).first().waitFor();
});
after(() => browser.close());

async function settings(page, item, role = 'menuitem') {
  await page.getByRole('button', { name: /^(Account and settings|账户与设置)/ }).click();
  await page.getByRole(role, { name: item, exact: true }).click();
}

const focused = (locator) => locator.and(locator.page().locator(':focus')).waitFor();

test('every action has a keyboard shortcut', async () => {
  const { page } = ada;
  const { keyboard } = page;
  await composer(page).press('Alt+ArrowDown');
  await page.waitForURL(`**/s/${ids[2]}`);
  await keyboard.press('Alt+ArrowDown');
  await page.waitForURL(`**/s/${ids[1]}`);
  await keyboard.press('Alt+ArrowUp');
  await page.waitForURL(`**/s/${ids[2]}`);
  await keyboard.press('Control+k');
  await focused(page.getByLabel('Search chats'));
  await keyboard.press('Shift+Escape');
  await focused(composer(page));
  await keyboard.press('Control+Shift+O');
  await page.waitForURL(baseUrl);
  await sessionRows(page).first().getByRole('link').focus();
  await keyboard.press('?');
  await keyboard.press('Control+/');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'shortcuts');
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('Escape stops a running reply', async () => {
  const { page } = ada;
  await send(page, 'Give me a very long answer');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.waitForURL('**/s/*');
  await composer(page).press('Escape');
  await replies(page).last().getByText('stopped').waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
});

test('back and forward go through the sessions, and a second tab has its own', async () => {
  const { page, context } = ada;
  const last = sessionIdOf(page);
  await sessionRows(page).last().getByRole('link').click();
  await page.waitForURL(`**/s/${ids[0]}`);
  const other = await context.newPage();
  await other.goto(new URL(`s/${ids[1]}`, baseUrl).href);
  await replyEnded(other);
  await other.getByRole('article', { name: 'You' }).getByText('Topic 2', { exact: true }).waitFor();
  await other.close();
  await page.goBack();
  await page.waitForURL(`**/s/${last}`);
  await page.goForward();
  await page.waitForURL(`**/s/${ids[0]}`);
});

test('a session is exported as Markdown and as JSON', async () => {
  const { page } = ada;
  for (const [item, name] of [['Export as Markdown', 'Topic-1.md'], ['Export as JSON', 'Topic-1.json']]) {
    const row = sessionRows(page).last();
    await row.hover();
    await row.getByRole('button', { name: /^More for/ }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).click();
    assert.equal((await download).suggestedFilename(), name);
    const text = readFileSync(await (await download).path(), 'utf8');
    if (name.endsWith('.md')) assert.match(text, /^# Topic 1\n\n## You .*\n\nTopic 1\n\n## Reply/);
    else assert.equal(JSON.parse(text).messages[0].parts[0].text, 'Topic 1');
  }
});

test('the theme is chosen, and kept', async () => {
  const { page } = ada;
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await settings(page, 'Dark', 'menuitemradio');
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  await sessionRows(page).first().waitFor();
  assert.equal(await background(), dark);
  assert.deepEqual(await violations(page), []);
  await shot(page, 'shell-dark');
  await settings(page, 'Account and usage');
  await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  await page.getByRole('img', { name: 'Replies and tokens by day' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'account-dark');
  await settings(page, 'Light', 'menuitemradio');
});

test('the account page shows the use, and back leaves it', async () => {
  const { page } = ada;
  await page.getByRole('img', { name: 'Replies and tokens by day' }).waitFor();
  assert.match(await page.locator('.u-legend').textContent(), /^Day.+Replies[1-9].*Tokens\d/);
  await page.getByText('Show as a table').click();
  await becomes(() => page.getByRole('region', { name: 'Usage by day' }).getByRole('row').count(), 2);
  assert.deepEqual(await violations(page), []);
  await shot(page, 'account');
  await page.goBack();
  await composer(page).waitFor();
});

test('the page speaks Chinese, and remembers it', async () => {
  const { page } = ada;
  await settings(page, '简体中文', 'menuitemradio');
  await page.getByRole('link', { name: '新对话' }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: '新对话' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
  await page.getByRole('navigation', { name: '对话' }).getByRole('heading', { name: '今天' }).waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'chinese');
  await settings(page, 'English', 'menuitemradio');
  await page.getByRole('link', { name: 'New chat' }).waitFor();
});

test('on a phone everything is in the drawer, by touch', async () => {
  const phone = {
    ...(await newVisitor(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' })),
    username: ada.username,
  };
  const { page } = phone;
  await page.goto(baseUrl);
  await shot(page, 'phone-login');
  await logIn(phone);
  await page.getByRole('button', { name: 'Open the chat list' }).click();
  await sessionRows(page).first().waitFor();
  assert.deepEqual(await violations(page), []);
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Account and usage' }).waitFor();
  await shot(page, 'phone-settings');
  await page.getByRole('menuitem', { name: 'Account and usage' }).click();
  await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('input, textarea')].filter((element) => Number.parseFloat(getComputedStyle(element).fontSize) < 16).map((element) => element.outerHTML));
  assert.deepEqual(small, [], 'a smaller field would make the phone zoom in');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'phone-account');
  assert.deepEqual(phone.complaints, []);
  await phone.context.close();
});

test('a new password ends the other logins', async () => {
  const other = { ...(await newVisitor(browser)), username: ada.username };
  await other.page.goto(baseUrl);
  await logIn(other);
  await composer(other.page).waitFor();
  const { page } = ada;
  await settings(page, 'Account and usage');
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill('another lamp in the window');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('alert').getByText('Wrong password.').waitFor();
  await page.getByLabel('Current password').fill(password);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('Password changed.').waitFor();
  await other.page.reload();
  await other.page.getByRole('button', { name: 'Log in' }).waitFor();
  await other.context.close();
});

test('logging out everywhere says so and leads to the log-in', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Log out everywhere' }).click();
  await page.getByText('You’re now logged out on all devices.').waitFor();
  assert.deepEqual(await violations(page), []);
  await logIn(ada, 'another lamp in the window');
  await composer(page).waitFor();
});

test('the account is deleted only when its name is written out', async () => {
  const { page, username } = ada;
  await settings(page, 'Account and usage');
  const form = page.getByRole('region', { name: 'Delete account' });
  const button = form.getByRole('button');
  await becomes(() => button.isDisabled(), true);
  await form.getByLabel(/^Type/).fill(username);
  await form.getByLabel('Password').fill('another lamp in the window');
  await button.click();
  await page.getByText('Your account was deleted.').waitFor();
  await logIn(ada, 'another lamp in the window');
  await page.getByRole('alert').getByText('Wrong username or password.').waitFor();
});

test('the page kept to its Content-Security-Policy and its own origin', () => {
  assert.deepEqual(ada.complaints, []);
});
