// What people can do with a reply that is not simply complete: allow its tools, continue it, ask again, and read why it
// failed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { becomes, conversationText, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { breaksOff, callsTo, isCut, refuses, says, saysSlowly } from './scripts.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const button = (page, name) => page.getByRole('button', { name, exact: true });
const told = (page) => replies(page).last().locator('.prose, .plain-text').last();
const stored = async (page) => (await call('GET', `ai/sessions/${sessionIdOf(page)}/messages`, await tokenOf(ada))).json();

async function asks(page, ...scripts) {
  const script = await play(...scripts);
  await send(page, `A question ${script.mark}`);
  return script;
}

test('code has its colours and is copied as it is, with and without TLS', async () => {
  const { page, context } = ada;
  const code = 'if (a < b && c) {\n\treturn "<b>";\n}';
  await asks(page, says(`Like this:\n\n\`\`\`c\n${code}\n\`\`\`\n`));
  await replies(page).last().getByText('c', { exact: true }).waitFor(); // the language
  await replyEnded(page);
  const shown = replies(page).last().locator('pre code');
  await shown.locator('span.hljs-keyword', { hasText: 'return' }).waitFor();
  assert.equal((await shown.textContent()).trimEnd(), code);
  const colourOf = (element) => element.evaluate((node) => getComputedStyle(node).color);
  assert.notEqual(await colourOf(shown.locator('span.hljs-keyword').first()), await colourOf(shown));
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = async () => {
    await button(page, 'Copy code').click();
    await button(page, 'Copied').waitFor();
    await button(page, 'Copy code').waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    await page.evaluate(() => navigator.clipboard.writeText(''));
    return text.trimEnd();
  };
  assert.equal(await copied(), code);
  await page.evaluate(() => Object.defineProperty(window, 'isSecureContext', { value: false }));
  assert.equal(await copied(), code);
});

for (const [answer, state, output] of [['Allow', 'output-available', 'deleted'], ['Deny', 'output-denied', undefined]]) {
  test(`a call that waits for approval still waits after a reload; "${answer}" is heard, and the reply goes on`, async () => {
    const { page } = ada;
    await newSession(page);
    await asks(page, callsTo(['danger', { path: '/tmp/x' }]), says('Then it is so.'));
    await page.getByText('needs your approval', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('needs your approval', { exact: true }).waitFor();
    await button(page, answer).click();
    await told(page).getByText('Then it is so.').waitFor();
    await replyEnded(page);
    const part = (await stored(page))[1].parts.find(({ type }) => type === 'tool-danger');
    assert.equal(part.state, state);
    assert.equal(part.output, output);
    const shown = await conversationText(page);
    await page.reload();
    await replyEnded(page);
    await becomes(() => conversationText(page), shown);
  });
}

test('of two calls that wait, the reply goes on when both are answered', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, callsTo(['danger', { path: '/one' }], ['danger', { path: '/two' }]), says('One of them.'));
  await button(page, 'Allow').nth(1).waitFor();
  await button(page, 'Allow').first().click();
  await page.getByText('answered').waitFor();
  assert.equal(await page.getByText('One of them.').count(), 0);
  await button(page, 'Deny').last().click();
  await told(page).getByText('One of them.').waitFor();
  await replyEnded(page);
  const parts = (await stored(page))[1].parts.filter(({ type }) => type === 'tool-danger');
  assert.deepEqual(parts.map((part) => part.state), ['output-available', 'output-denied']);
});

test('an interrupted reply says so, keeps its text and goes on where it ended', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, breaksOff('The first half, '), says('and the second half.'));
  await page.getByRole('alert').getByText('The connection to the model was lost').waitFor();
  await becomes(() => page.getByRole('alert').count(), 1);
  await button(page, 'Continue').click();
  await told(page).getByText('and the second half.').waitFor();
  await replyEnded(page);
  const sentence = ['The first half, and the second half.'];
  await becomes(() => replies(page).last().locator('.prose p').allInnerTexts(), sentence);
  assert.equal((await stored(page))[1].parts.filter(({ type }) => type === 'text').length, 2);
  await page.reload();
  await replyEnded(page);
  await replies(page).last().locator('.prose').getByText('and the second half.').waitFor();
  await becomes(() => replies(page).last().locator('.prose p').allInnerTexts(), sentence);
  await becomes(() => page.getByRole('alert').count(), 0);
  await becomes(() => replies(page).count(), 1);
});

test('an interrupted reply is made anew, and the half one is kept beside it', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, breaksOff('Half of '), says('All of it.'));
  await button(page, 'Continue').waitFor();
  await page.reload();
  await page.getByRole('alert').getByText('The connection to the model was lost').waitFor();
  await button(page, 'Try again').click();
  await told(page).getByText('All of it.').waitFor();
  await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor();
  await button(page, 'Previous version').click();
  await told(page).getByText('Half of').waitFor();
  // The message disappears, and its buttons with it.
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await becomes(focused, 'Next version');
  await page.keyboard.press('Enter');
  await told(page).getByText('All of it.').waitFor();
  await becomes(focused, 'Previous version');
});

test('a reply that was cut at its longest length goes on', async () => {
  const { page } = ada;
  await newSession(page);
  await asks(page, isCut('As long as '), says('it has to be.'));
  await page.getByText('This reply reached the length limit.').waitFor();
  await button(page, 'Continue').click();
  await told(page).getByText('it has to be.').waitFor();
});

// A model that answers 400 gets the request again in another form: ../../models/.
for (const status of [401, 402, 404]) {
  test(`a model that answers ${status} is told in a sentence, without a word of its own`, async () => {
    const { page } = ada;
    await newSession(page);
    await asks(page, refuses(status), says('Better now.'));
    const alert = page.getByRole('alert');
    await alert.waitFor();
    assert.match(await alert.innerText(), /^[A-Z][^\n]{10,150}\.$/);
    assert.equal(await page.getByText('SECRET').count(), 0);
    await button(page, 'Try again').click();
    await told(page).getByText('Better now.').waitFor();
    await becomes(() => page.getByRole('alert').count(), 0);
  });
}

test('the way to the end covers nothing of what stands below a reply', async () => {
  const { page } = ada;
  await newSession(page);
  for (let n = 0; n < 2; n++) {
    await asks(page, says(Array.from({ length: 40 }, (_, line) => `Line ${line} of a long reply.`).join('\n\n')));
    await replyEnded(page);
  }
  await page.getByRole('region', { name: 'Chat' }).evaluate((box) => box.scrollBy(0, -600));
  const down = button(page, 'Scroll to the end');
  await down.waitFor();
  // Elements that have scrolled to the button's height are beside it.
  const free = () =>
    page.evaluate((away) => {
      const box = away.getBoundingClientRect();
      const below = [...document.querySelectorAll('article footer > div > *, article footer time')].map((each) => each.getBoundingClientRect()).filter(({ width }) => width > 0);
      return below.length > 0 && below.every(({ left, right }) => right <= box.left || left >= box.right);
    }, handle);
  const handle = await down.elementHandle();
  await becomes(free, true);
});

test('with 400 % zoom, what is being written leaves the conversation room', async () => {
  const { page } = ada;
  await page.setViewportSize({ width: 320, height: 215 });
  await page.getByLabel('Your message').fill('one\ntwo\nthree\nfour\nfive\nsix');
  const heights = () => page.evaluate(() => [document.querySelector('[role=region][tabindex]'), document.getElementById('composer').closest('main > div')].map((each) => Math.round(each.getBoundingClientRect().height)));
  await shot(page, 'replies-zoomed');
  const [room, writing] = await heights();
  assert.ok(writing <= 0.42 * 215, `what is written takes ${writing} pixels`);
  assert.ok(room >= 65, `the conversation has ${room} pixels`);
  await page.getByLabel('Your message').fill('');
  await page.setViewportSize({ width: 1280, height: 860 });
});

test('scrolling up stops following the reply; the button returns to the end', async () => {
  const { page } = ada;
  await newSession(page);
  const lines = (from, to) => Array.from({ length: to - from }, (_, n) => `Line ${from + n} of a long reply.\n\n`).join('');
  const script = await asks(page, saysSlowly(lines(1, 40), lines(40, 80), lines(80, 120)));
  const box = page.getByRole('region', { name: 'Chat' });
  const rest = () => box.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
  const atEnd = () => page.waitForFunction((element) => element.scrollHeight - element.scrollTop - element.clientHeight < 30, elementOf);
  const elementOf = await box.elementHandle();
  await told(page).getByText('Line 39 of').waitFor();
  await atEnd();
  await script.open('1');
  await told(page).getByText('Line 79 of').waitFor();
  await atEnd();
  await box.hover();
  await page.mouse.wheel(0, -400);
  await button(page, 'Scroll to the end').waitFor();
  const before = await rest();
  const top = await box.evaluate((element) => element.scrollTop);
  await script.open('2');
  await page.waitForFunction(([element, least]) => element.scrollHeight - element.scrollTop - element.clientHeight > least + 200, [elementOf, before]);
  assert.ok(Math.abs((await box.evaluate((element) => element.scrollTop)) - top) < 3, 'what is read stays where it is');
  await button(page, 'Scroll to the end').click();
  await atEnd();
  await script.open('3');
  await replyEnded(page);
  await page.setViewportSize({ width: 900, height: 500 }); // as when a phone's keyboard opens
  await atEnd();
  await page.setViewportSize({ width: 1280, height: 860 });
});

test('what comes below a reply is in sight, and what the reader opens stays under the pointer', async () => {
  const { page } = ada;
  const inSight = (locator) => page.waitForFunction((element) => element.getBoundingClientRect().bottom <= document.querySelector('[aria-label="Chat"]').getBoundingClientRect().bottom, locator);
  await asks(page, callsTo(['danger', { path: '/tmp/a/rather/long/path' }], ['run_weather', { city: 'Oslo' }]), says('So be it.'));
  const allow = button(page, 'Allow');
  await allow.waitFor();
  await inSight(await allow.elementHandle());
  await inSight(await button(page, 'Reply again').last().elementHandle());
  await allow.click();
  await told(page).getByText('So be it.').waitFor();
  await replyEnded(page);
  await inSight(await button(page, 'Reply again').last().elementHandle());
  const summary = replies(page).last().locator('summary').first();
  const { y } = await summary.boundingBox();
  await summary.click();
  await replies(page).last().locator('details[open]').waitFor();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.ok(Math.abs((await summary.boundingBox()).y - y) < 2);
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
