// A tool that asks before it runs: people see enough to decide, allow it once or for a chat, and withdraw that.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { becomes, composer, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, sessionRows, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { callsTo, says } from './scripts.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const button = (page, name) => page.getByRole('button', { name, exact: true });
const allowHere = (page) => button(page, 'Allow in this chat');
const told = (page, text) => replies(page).last().locator('.prose').getByText(text).waitFor();
const stored = async (page) => (await call('GET', `ai/sessions/${sessionIdOf(page)}/messages`, await tokenOf(ada))).json();

async function asks(page, ...scripts) {
  const script = await play(...scripts);
  await send(page, `A question ${script.mark}`);
  return script;
}

test('a tool\'s arguments are shown by name and value, with line breaks and no hidden characters', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, callsTo(['danger', { path: '/tmp/first line\n/tmp/second \u202Etxt.exe' }]), says('Done.'));
  await button(page, 'Allow').waitFor();
  await page.getByText('Needs approval', { exact: true }).waitFor(); // the operator's description of the tool
  const input = page.getByRole('group', { name: 'Input' });
  await becomes(() => input.locator('dt').allInnerTexts(), ['Path']);
  const value = input.locator('dd p');
  await becomes(() => value.innerText(), '/tmp/first line\n/tmp/second U+202Etxt.exe');
  assert.ok((await value.boundingBox()).height > 30, 'on two lines');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'approval');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 390, height: 800 });
  await shot(page, 'approval-phone-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 860 });
  await button(page, 'Deny').click();
  await told(page, 'Done.');
  await replyEnded(page);
});

test('lists and what is nested are shown, too, and right-to-left and Chinese text as they are read', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, callsTo(['any', { to_names: ['مريم', '小明'], draft: { subject: '', sendNow: true, parts: [{ n: 1, deep: { deeper: [1, 2] } }] }, nothing: null }]), says('So be it.'));
  await button(page, 'Decline').waitFor();
  const input = page.getByRole('group', { name: 'Input' });
  await becomes(() => input.locator('dt').allInnerTexts(), ['To names', 'Draft', 'Subject', 'Send now', 'Parts', 'Nothing']);
  const text = await input.innerText();
  for (const shown of ['مريم', '小明', 'empty', 'Yes', '"deeper": [', 'none']) assert.ok(text.includes(shown), shown);
  await shot(page, 'answer');
  await button(page, 'Decline').click();
  await told(page, 'So be it.');
  await replyEnded(page);
});

test('"allow in this chat": this tool runs there without asking, also after a reload; nothing else does; the menu and the sign in the bar take it back', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, callsTo(['danger', { path: '/one' }]), says('The first.'));
  await allowHere(page).click();
  await told(page, 'The first.');
  await replyEnded(page);

  await page.reload();
  await replyEnded(page);
  await asks(page, callsTo(['danger', { path: '/two' }], ['danger', { path: '/three' }]), says('The second.'));
  await told(page, 'The second.');
  await replyEnded(page);
  const calls = (await stored(page)).filter(({ role }) => role === 'assistant').flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool-danger'));
  assert.deepEqual(calls.map(({ input, state, approval }) => [input.path, state, approval?.approved]), [['/one', 'output-available', true], ['/two', 'output-available', true], ['/three', 'output-available', true]]);
  await replies(page).last().locator('summary').first().click();
  await replies(page).last().getByText('/two').waitFor(); // the reader can see what it was given

  await newSession(page);
  await asks(page, callsTo(['danger', { path: '/four' }]), says('Elsewhere.'));
  await allowHere(page).waitFor(); // in another chat
  await button(page, 'Deny').click();
  await told(page, 'Elsewhere.');
  await replyEnded(page);

  await sessionRows(page).nth(1).getByRole('link').click();
  await told(page, 'The second.');
  const open = sessionRows(page).filter({ has: page.locator('[aria-current]') });
  await open.hover();
  await open.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Ask before using tools again' }).click();
  await asks(page, callsTo(['danger', { path: '/five' }]), says('The fifth.'));
  await allowHere(page).waitFor();
  const sign = button(page, 'Tools allowed in this chat');
  assert.equal(await sign.count(), 0);
  await allowHere(page).click();
  await told(page, 'The fifth.');
  await replyEnded(page);

  await sign.click();
  const back = page.getByRole('menuitem', { name: 'Ask before using tools again' });
  await back.waitFor();
  await page.getByRole('menu').getByText('danger', { exact: true }).waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'allowed');
  await back.click();
  await sign.waitFor({ state: 'detached' });
  await becomes(() => composer(page).evaluate((field) => field === document.activeElement), true);
  await asks(page, callsTo(['danger', { path: '/six' }]), says('The last.'));
  await allowHere(page).waitFor();
  await button(page, 'Deny').click();
  await told(page, 'The last.');
  await replyEnded(page);
});

test('a call that was passed over says so', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, callsTo(['danger', { path: '/tmp' }]));
  await button(page, 'Allow').waitFor();
  const asking = sessionRows(page).first().getByRole('img', { name: 'waiting for your approval' });
  await asking.waitFor();
  await shot(page, 'approval-asked-for');
  await asks(page, says('Something else, then.'));
  await told(page, 'Something else, then.');
  await replyEnded(page);
  assert.equal(await button(page, 'Allow').count(), 0);
  await asking.waitFor({ state: 'detached' });
  const call = replies(page).first().locator('details');
  await call.getByText('not answered', { exact: true }).waitFor();
  await call.locator('summary').click();
  await call.getByText('The chat went on without an answer, so this wasn’t run.').waitFor();
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
