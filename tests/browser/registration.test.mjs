// Who can open an account depends on the settings: anybody, somebody with an invitation, or only the operator.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { up } from '../support/instance.mjs';
import { contrastViolations, violations } from './access.mjs';
import { baseUrl, becomes, composer, launch, newVisitor, password, shot } from './browser.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let browser;
let invited; // an instance that accepts nobody without an invitation
let closed;
let narrow; // an instance that lets a network open two accounts an hour

before(async () => {
  browser = await launch();
  invited = await up({ more: { LAMPLIGHT_AUTH_REGISTER: 'invite', LAMPLIGHT_HTTP_SITE_NAME: 'The reading room' } });
  closed = await up({ more: { LAMPLIGHT_AUTH_REGISTER: 'off' } });
  narrow = await up({ more: { LAMPLIGHT_AUTH_REGISTER: 'on', LAMPLIGHT_LIMITS_REGISTER: 'network 2/h' } });
});
after(async () => {
  await browser.close();
  for (const instance of [invited, closed, narrow]) {
    if (instance === undefined) continue;
    await instance.down();
    instance.remove();
  }
});

/** The code that `lamplight user invite` prints; its link ends with it. */
function invite({ env }) {
  const text = execFileSync(`${ROOT}/bin/with-env`, [`build/${process.env.VARIANT || 'release'}/bin/lamplight`, 'user', 'invite'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, VAR: env.LAMPLIGHT_VAR, LAMPLIGHT_VAR: env.LAMPLIGHT_VAR },
  });
  const [, code] = /^Code: (\S+)$/m.exec(text) ?? [];
  const [, hash] = /^Link: .*\/(#\S+)$/m.exec(text) ?? [];
  assert.ok(code && hash?.includes(code), text);
  return { code, hash };
}

async function looksRight(page, name) {
  for (const [width, colorScheme] of [[1280, 'light'], [390, 'light'], [390, 'dark']]) {
    await page.setViewportSize({ width, height: 860 });
    await page.emulateMedia({ colorScheme });
    await shot(page, `${name}-${width}-${colorScheme}`);
    assert.deepEqual(await contrastViolations(page), [], `${name} ${width} ${colorScheme}`);
    assert.equal(await page.evaluate(() => [...document.querySelectorAll('html, main')].some((box) => box.scrollWidth > box.clientWidth)), false, `${name} is too wide at ${width}`);
  }
  assert.deepEqual(await violations(page), [], name);
}

async function fillIn(page, username, secret = password) {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Create account' }).click();
}

test('off: no form is offered, and a sentence says so', async () => {
  const { page, complaints, context } = await newVisitor(browser, { base: closed.env.LAMPLIGHT_URL });
  await page.goto(closed.env.LAMPLIGHT_URL);
  await page.getByText('Sign-up is turned off on this server. Ask the administrator for an account.').waitFor();
  await becomes(() => page.getByRole('button', { name: 'Create an account' }).count(), 0);
  await looksRight(page, 'sign-in-off');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('off: the link of an invitation opens an account all the same', async () => {
  const { hash } = invite(closed);
  const { page, username, context } = await newVisitor(browser, { base: closed.env.LAMPLIGHT_URL });
  await page.goto(`${closed.env.LAMPLIGHT_URL}/${hash}`);
  await fillIn(page, username);
  await composer(page).waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await context.close();
});

test('invite: the code is asked for, and what is wrong with it stands at its field', async () => {
  const { code } = invite(invited);
  const { page, username, context, complaints } = await newVisitor(browser, { base: invited.env.LAMPLIGHT_URL });
  await page.goto(invited.env.LAMPLIGHT_URL);
  await page.getByText('The reading room').waitFor();
  assert.equal(await page.title(), 'The reading room');
  await page.getByRole('button', { name: 'Create an account' }).click();
  const field = page.getByLabel('Invitation code');
  await field.fill('made-up');
  await fillIn(page, username);
  await page.getByText('This invitation has been used or has expired.').waitFor();
  await becomes(() => field.getAttribute('aria-invalid'), 'true');
  await looksRight(page, 'register-invite');
  await field.fill(` ${code} `);
  await page.getByRole('button', { name: 'Create account' }).click();
  await composer(page).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

test('invite: the link brings the code along', async () => {
  const { code, hash } = invite(invited);
  const { page, username, context } = await newVisitor(browser, { base: invited.env.LAMPLIGHT_URL });
  await page.goto(`${invited.env.LAMPLIGHT_URL}/${hash}`);
  await becomes(() => page.getByLabel('Invitation code').inputValue(), code);
  await fillIn(page, username);
  await composer(page).waitFor();
  assert.equal(new URL(page.url()).hash, '');
  await context.close();
});

test('on: what a name and a password may be is said before, and what is wrong at its field', async () => {
  const { page, username, context } = await newVisitor(browser);
  await page.goto(baseUrl);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByText('3 to 64 letters, digits or . _ @ - (2 are enough outside A–Z).').waitFor();
  await becomes(() => page.getByLabel('Invitation code').count(), 0);
  await looksRight(page, 'register');
  const name = page.getByLabel('Username');
  for (const [typed, why] of [
    ['Ada Lovelace', 'Use only letters, digits and . _ @ -, without spaces.'],
    ['al', 'Use at least 3 characters, or 2 outside A–Z.'],
    ['p\u0430ypal', 'Use letters of one alphabet only. Latin letters can’t be mixed with Cyrillic or Greek ones, for example.'],
  ]) {
    await fillIn(page, typed);
    await page.getByRole('alert').filter({ hasText: why }).waitFor();
    await becomes(() => name.getAttribute('aria-invalid'), 'true');
  }
  await fillIn(page, username, 'password123');
  await page.getByRole('alert').filter({ hasText: 'This password is too easy to guess.' }).waitFor();
  await becomes(() => page.getByLabel('Password').getAttribute('aria-invalid'), 'true');
  await becomes(() => name.getAttribute('aria-invalid'), null);
  await looksRight(page, 'register-common');
  await fillIn(page, username);
  await composer(page).waitFor();
  await context.close();
});

test('too many tries say when to try again', async () => {
  const { page, context } = await newVisitor(browser);
  await page.route('**/api/auth/login', (route) => route.fulfill({
    status: 429, headers: { 'retry-after': '1500' }, contentType: 'application/problem+json', body: JSON.stringify({ status: 429, code: 'too_many_requests' }),
  }));
  await page.goto(baseUrl);
  await page.getByLabel('Username').fill('somebody');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').filter({ hasText: 'Too many attempts. Try again in 25 minutes.' }).waitFor();
  await context.close();
});

test('opening too many accounts says so, and when to try again; so does a busy login', async () => {
  const base = narrow.env.LAMPLIGHT_URL;
  const { page, username, context } = await newVisitor(browser, { base });
  await page.goto(base);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await page.getByLabel('Username').waitFor();
  for (const typed of ['a b', 'a c']) {
    await fillIn(page, typed);
    await page.getByRole('alert').filter({ hasText: 'only letters, digits' }).waitFor();
    await page.getByLabel('Username').fill('');
    await page.reload();
    await page.getByRole('button', { name: 'Create an account' }).click();
  }
  await fillIn(page, username);
  await page.getByRole('alert').filter({ hasText: /^Too many attempts to create an account from your network\. Try again in (29|30) minutes\.$/ }).waitFor();
  await page.route('**/api/auth/login', (route) => route.fulfill({
    status: 503, headers: { 'retry-after': '5' }, contentType: 'application/problem+json', body: JSON.stringify({ status: 503, code: 'unavailable' }),
  }));
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').filter({ hasText: 'The server isn’t available right now. Try again in 5 seconds.' }).waitFor();
  await context.close();
});
