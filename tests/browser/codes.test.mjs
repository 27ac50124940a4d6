// People with a second factor must enter a code where they change their account: when they end another login or all logins,
// choose a new password, or delete the account.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { User, request } from '../support/api.mjs';
import { query } from '../support/db.mjs';
import { codeOf } from '../support/totp.mjs';
import { violations } from './access.mjs';
import { baseUrl, becomes, launch, logIn, newVisitor, password, register, shot } from './browser.mjs';

const newPassword = 'another lamp in the window';
let browser;
let ada;
let codes;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  codes = await withFactor(ada.username);
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

/** Turns the second factor on, as if on another device; returns its recovery codes. */
async function withFactor(username) {
  const login = await request('POST', '/api/auth/login', { body: { username, password } });
  const user = new User(login.json);
  const { secret } = (await user.request('POST', '/api/me/totp', { body: { password } })).json;
  const { recoveryCodes } = (await user.request('POST', '/api/me/totp/confirm', { body: { code: codeOf(secret) } })).json;
  assert.equal(recoveryCodes.length, 10);
  assert.equal((await query('SELECT 1 FROM factor WHERE user_id = ? AND confirm_time IS NOT NULL', [user.id])).length, 1);
  return recoveryCodes;
}

const section = (name) => ada.page.getByRole('region', { name, exact: true });
const account = () => ada.page.goto(new URL('#account', baseUrl).href).then(() => ada.page.reload());

/**
 * Enters a recovery code instead of a code from the app. The page refuses wrong codes and keeps everything else that was
 * entered.
 */
async function enter(box, code, action) {
  await box.getByLabel('6-digit code').waitFor();
  await box.getByRole('button', { name: 'Use a recovery code' }).click();
  for (const tried of ['AAAA-AAAA-AAAA-AAAA-AAAA-AAAA', code]) {
    await box.getByLabel('Recovery code').fill(tried);
    await box.getByRole('button', { name: action }).click();
    if (tried !== code) await box.getByText('This code is wrong or was already used.').waitFor();
  }
}

async function logInAgain(secret, code) {
  await ada.page.getByLabel('Username').waitFor();
  await logIn(ada, secret);
  await ada.page.getByRole('button', { name: 'Use a recovery code' }).click();
  await ada.page.getByLabel('Recovery code').fill(code);
  await ada.page.getByRole('button', { name: 'Log in', exact: true }).click();
  await ada.page.getByRole('button', { name: /^Account and settings/ }).waitFor();
}

test('ending another login asks for a code', async () => {
  await account();
  const devices = section('Devices').getByRole('list', { name: 'Devices' });
  const others = devices.getByRole('button', { name: /^Log out / });
  await others.first().waitFor();
  await becomes(() => devices.getByRole('listitem').count(), 2);
  await others.first().click();
  await devices.getByLabel('6-digit code').waitFor();
  await shot(ada.page, 'codes-device');
  assert.deepEqual(await violations(ada.page), []);
  await enter(devices, codes[0], /^Log out /);
  await ada.page.getByText('That device is logged out.').waitFor();
  await becomes(() => devices.getByRole('listitem').count(), 1);
});

test('changing the password asks for a code', async () => {
  const box = section('Password');
  await box.getByLabel('Current password').fill(password);
  await box.getByLabel('New password').fill(newPassword);
  await box.getByRole('button', { name: 'Change password' }).click();
  await enter(box, codes[1], 'Change password');
  await ada.page.getByText('Password changed. You’re logged out on all other devices.').waitFor();
});

test('ending all logins asks for a code', async () => {
  const box = section('Devices');
  await box.getByRole('button', { name: 'Log out everywhere' }).click();
  await enter(box, codes[2], 'Log out everywhere');
  await logInAgain(newPassword, codes[3]);
});

test('deleting the account asks for a code', async () => {
  await account();
  const box = section('Delete account');
  await box.getByLabel(/^Type /).fill(ada.username);
  await box.getByLabel('Password').fill(newPassword);
  await box.getByRole('button', { name: 'Delete account permanently' }).click();
  await enter(box, codes[4], 'Delete account permanently');
  await ada.page.getByLabel('Username').waitFor();
  assert.deepEqual(await query('SELECT 1 FROM user WHERE username = ?', [ada.username]), []);
});
