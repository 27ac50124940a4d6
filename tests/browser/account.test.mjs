// The account page: turning a second factor on, using it and turning it off; the devices; and what the account may use.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { codeOf } from '../support/totp.mjs';
import { query } from '../support/db.mjs';
import { contrastViolations, violations } from './access.mjs';
import { baseUrl, becomes, composer, launch, logIn, newVisitor, password, register, shot } from './browser.mjs';

let browser;
let ada;
let secret;
let codes;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

const section = (page, name) => page.getByRole('region', { name, exact: true });
const factor = (page) => section(page, 'Two-factor authentication');
const account = (page) => page.goto(new URL('#account', baseUrl).href).then(() => page.reload());

/** Makes the step of the last code look long past, because each code is good only once. */
const forgetStep = () => query('UPDATE factor SET last_step = 0');

async function looksRight(page, name) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await shot(page, `${name}-${width}-${colorScheme}`);
      assert.deepEqual(await contrastViolations(page), [], `${name} ${width} ${colorScheme}`);
    }
    assert.equal(await page.evaluate(() => [...document.querySelectorAll('html, main')].some((box) => box.scrollWidth > box.clientWidth)), false, `${name} is too wide at ${width}`);
    assert.deepEqual(await violations(page), [], `${name} ${width}`);
  }
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light' });
}

async function prove(page, action, code, secretWord = password) {
  await factor(page).getByLabel('Your password').fill(secretWord);
  await factor(page).getByLabel('6-digit code').fill(code);
  await factor(page).getByRole('button', { name: action, exact: true }).click();
}

test('turning it on takes the password, and shows a QR code and the key', async () => {
  const { page } = ada;
  await account(page);
  await factor(page).getByRole('button', { name: 'Turn on' }).click();
  await factor(page).getByLabel('Your password').fill('not the password');
  await factor(page).getByRole('button', { name: 'Continue' }).click();
  await factor(page).getByText('Wrong password.').waitFor();
  await becomes(() => factor(page).getByLabel('Your password').getAttribute('aria-invalid'), 'true');
  await factor(page).getByLabel('Your password').fill(password);
  await factor(page).getByRole('button', { name: 'Continue' }).click();
  await factor(page).getByRole('img', { name: /^QR code/ }).waitFor();
  secret = (await factor(page).locator('code').innerText()).replaceAll(' ', '');
  assert.match(secret, /^[A-Z2-7]{32}$/);
  await looksRight(page, 'factor-enrol');
});

test('a wrong code says so at the field; the right one turns it on and shows the recovery codes', async () => {
  const { page } = ada;
  const field = factor(page).getByLabel('6-digit code');
  await field.fill(codeOf(secret, 100));
  await factor(page).getByRole('button', { name: 'Turn on' }).click();
  await factor(page).getByText('This code is wrong or was already used.').waitFor();
  assert.equal(await field.evaluate((input) => input === document.activeElement), true);
  const code = codeOf(secret);
  await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await field.press('Enter');
  const list = factor(page).getByRole('list', { name: 'Recovery codes' });
  await list.waitFor();
  codes = await list.getByRole('listitem').allInnerTexts();
  assert.equal(codes.length, 10);
  await looksRight(page, 'factor-codes');
  const [download] = await Promise.all([page.waitForEvent('download'), factor(page).getByRole('button', { name: 'Download' }).click()]);
  assert.deepEqual((await readFile(await download.path(), 'utf8')).trim().split('\n'), codes);
  await factor(page).getByRole('button', { name: 'I’ve saved them' }).click();
  await factor(page).getByText('10 recovery codes left.').waitFor();
});

test('logging in asks for the code, and for nothing that was typed before', async () => {
  const other = await newVisitor(browser);
  const { page } = other;
  await page.goto(baseUrl);
  await logIn({ page, username: ada.username });
  const field = page.getByLabel('6-digit code');
  await field.waitFor();
  await becomes(() => field.getAttribute('inputmode'), 'numeric');
  await becomes(() => field.getAttribute('autocomplete'), 'one-time-code');
  await becomes(() => page.getByLabel('Password').count(), 0);
  await looksRight(page, 'log-in-code');
  await field.fill(codeOf(secret, 100));
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByText('This code is wrong or was already used.').waitFor();
  await forgetStep();
  await field.fill(codeOf(secret));
  await field.press('Enter');
  await composer(page).waitFor();
  assert.deepEqual(other.complaints, []);
  await other.context.close();
});

test('a recovery code logs in, too, once', async () => {
  const { page, context } = await newVisitor(browser);
  await page.goto(baseUrl);
  await logIn({ page, username: ada.username });
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[0].toLowerCase());
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await composer(page).waitFor();
  await account(page);
  await factor(page).getByText('9 recovery codes left.').waitFor();
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('Username').waitFor();
  await logIn({ page, username: ada.username });
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[0]);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByText('This code is wrong or was already used.').waitFor();
  await context.close();
});

test('new recovery codes, and off again, take the password and a code', async () => {
  const { page } = ada;
  await account(page);
  await factor(page).getByRole('button', { name: 'New recovery codes' }).click();
  await forgetStep();
  await prove(page, 'Get new recovery codes', codeOf(secret), 'wrong password');
  await factor(page).getByText('Wrong password.').waitFor();
  await looksRight(page, 'factor-proof');
  await prove(page, 'Get new recovery codes', codeOf(secret));
  await factor(page).getByRole('list', { name: 'Recovery codes' }).waitFor();
  const fresh = await factor(page).getByRole('listitem').allInnerTexts();
  assert.equal(fresh.some((code) => codes.includes(code)), false);
  await factor(page).getByRole('button', { name: 'I’ve saved them' }).click();
  await factor(page).getByRole('button', { name: 'Turn off' }).click();
  await forgetStep();
  await prove(page, 'Turn off', codeOf(secret));
  await factor(page).getByRole('button', { name: 'Turn on' }).waitFor();
});

test('the devices are listed, and another one can be logged out', async () => {
  const { page } = ada;
  const phone = await newVisitor(browser, { viewport: { width: 390, height: 860 } });
  await phone.page.goto(baseUrl);
  await logIn({ page: phone.page, username: ada.username });
  await composer(phone.page).waitFor();
  await account(page);
  const rows = section(page, 'Devices').getByRole('listitem');
  await rows.nth(1).waitFor();
  const before = await rows.count();
  await becomes(() => rows.filter({ hasText: 'This device' }).count(), 1);
  await becomes(() => rows.filter({ hasText: 'This device' }).getByRole('button').count(), 0);
  assert.match(await rows.first().innerText(), /Chrom\w+ on Linux/);
  await looksRight(page, 'account');
  await rows.first().getByRole('button', { name: /^Log out/ }).click();
  await page.getByText('That device is logged out.').waitFor();
  await becomes(() => rows.count(), before - 1);
  await phone.page.reload();
  await phone.page.getByRole('button', { name: 'Log in' }).waitFor();
  await phone.context.close();
});

test('what the account may use and has used', async () => {
  const { page } = ada;
  const limits = {
    rules: [{ rule: 'chat', max: 60, periodSeconds: 60 }, { rule: 'chat', max: 16, periodSeconds: 0 }, { rule: 'of_tomorrow', max: 1, periodSeconds: 7 }],
    budgets: [
      { rule: 'day_messages', max: 100, used: 97, left: 3, refillTime: new Date(Date.now() + 3_600_000).toISOString() },
      { rule: 'stored_bytes', max: 2147483648, used: 2147483648, left: 0 },
    ],
  };
  await page.route('**/api/me/limits', (route) => route.fulfill({ json: limits }));
  await account(page);
  const shown = section(page, 'Limits');
  await shown.getByText('97 of 100 used, 3 left').waitFor();
  await shown.getByText('Rate limits').click();
  await shown.getByText('60 per minute').waitFor();
  await shown.getByText('16 at once').waitFor();
  await looksRight(page, 'limits');
  await page.unroute('**/api/me/limits');
  await account(page);
  await shown.getByText('Storage').waitFor();
});

test('the account page looks right in Chinese, too', async () => {
  const { page } = ada;
  await page.evaluate(() => localStorage.setItem('lamplight.language', '{"state":{"chosen":"zh-CN"},"version":0}'));
  await account(page);
  await page.getByRole('region', { name: '两步验证' }).getByRole('button', { name: '开启' }).click();
  await looksRight(page, 'account-zh');
  await page.getByRole('region', { name: '设备', exact: true }).scrollIntoViewIfNeeded();
  await shot(page, 'account-zh-devices');
});
