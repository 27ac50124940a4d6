// Logins expire while people write: the page renews tokens silently, and nothing that was typed is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { baseUrl, becomes, composer, launch, logIn, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf } from '../browser.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;
let token;
let refreshes = 0;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  // The page believes that its tokens are good for an hour, so it does not renew them before the server refuses one.
  await ada.page.route(/\/api\/auth\/(login|register|refresh)$/, async (route) => {
    if (route.request().url().endsWith('refresh')) refreshes++;
    const response = await route.fetch();
    const body = await response.json();
    token = body.accessToken ?? token;
    await route.fulfill({ response, json: { ...body, expiresIn: 3600 } });
  });
  await register(ada);
});
after(async () => {
  await ada.page.unrouteAll({ behavior: 'ignoreErrors' }); // a token may be on its way
  await browser.close();
});

const told = (page) => replies(page).last().locator('.prose, .plain-text').last();

async function logOut(page) {
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
}

/** Makes the server refuse the page's token. */
async function expired(page) {
  const refused = () => fetch(new URL('api/me', baseUrl), { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status === 401);
  for (let tries = 0; !(await refused()); tries++) {
    assert.ok(tries < 300, 'the token expires');
    await page.waitForTimeout(200);
  }
}

test('what is typed is kept for each session over a log-out, and is not for others', async () => {
  const { page } = ada;
  const script = await play(says('An answer.'));
  await send(page, `A session ${script.mark}`);
  await replyEnded(page);
  const address = new URL(`s/${sessionIdOf(page)}`, baseUrl).href;
  await composer(page).fill('half a thought\nin two lines');
  await newSession(page);
  await composer(page).fill('quite another one');
  await logOut(page);

  const eve = { page, username: `eve-${ada.username}`, base: baseUrl };
  await register(eve);
  await becomes(() => composer(page).inputValue(), '');
  await logOut(page);

  await logIn(ada);
  await composer(page).waitFor();
  await becomes(() => composer(page).inputValue(), 'quite another one');
  await page.goto(address);
  await replyEnded(page);
  await becomes(() => composer(page).inputValue(), 'half a thought\nin two lines');
  await composer(page).fill('');
});

test('a log-out in one tab leaves nothing on screen in the others', async () => {
  const { page } = ada;
  const address = page.url();
  const other = await page.context().newPage();
  try {
    await other.goto(address);
    await other.getByText('An answer.').waitFor();
    // This tab sends no requests, so it receives no 401 during the test.
    await other.route('**/api/**', () => {});
    await logOut(page);
    await other.getByRole('button', { name: 'Log in' }).waitFor();
    assert.equal(await other.getByText('An answer.').count(), 0);
    assert.equal(await other.getByRole('alert').count(), 0);
  } finally {
    await other.unrouteAll({ behavior: 'ignoreErrors' });
    await other.close();
  }
  await logIn(ada);
  await composer(page).waitFor();
  await page.goto(address);
  await replyEnded(page);
});

test('a token that expires while somebody writes is replaced when they send', async () => {
  const { page } = ada;
  await composer(page).fill('Written for as long as it takes ');
  await expired(page);
  const before = refreshes;
  const script = await play(says('Still here.'));
  await composer(page).press('End');
  await composer(page).pressSequentially(script.mark);
  await composer(page).press('Enter');
  await told(page).getByText('Still here.').waitFor();
  await replyEnded(page);
  assert.equal(refreshes - before, 1, 'one renewal, however many requests needed it');
  await becomes(() => page.getByRole('alert').count(), 0);
  await becomes(() => page.getByRole('article', { name: 'You' }).count(), 2);
});

test('a token that expires in the middle of a reply disturbs neither the reply nor what comes after it', async () => {
  const { page } = ada;
  const script = await play(saysSlowly('It takes ', 'its time.'));
  await send(page, `Take your time ${script.mark}`);
  await told(page).getByText('It takes').waitFor();
  await composer(page).fill('and meanwhile I write');
  await expired(page);
  await script.open('1');
  await script.open('2');
  await told(page).getByText('It takes its time.').waitFor();
  await replyEnded(page);
  await becomes(() => composer(page).inputValue(), 'and meanwhile I write');
  await becomes(() => page.getByRole('alert').count(), 0);
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
