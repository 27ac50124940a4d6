// Rating a reply with a thumb and a few words: the rating is stored, and can be taken back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { contrastViolations, violations } from '../access.mjs';
import { becomes, launch, newVisitor, register, replies, replyEnded, send, sessionIdOf, shot } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

const thumb = (page, name, n = 0) => replies(page).nth(n).getByRole('button', { name, exact: true });
const pressed = async (page, n = 0) => Promise.all(['Good reply', 'Bad reply'].map((name) => thumb(page, name, n).getAttribute('aria-pressed')));

/** The rating of the first reply, as the server has it. */
async function stored() {
  const answer = await call('GET', `ai/sessions/${sessionIdOf(ada.page)}/messages`, await tokenOf(ada));
  const { rating, ratingComment } = (await answer.json()).find(({ role }) => role === 'assistant').metadata;
  return { rating, ratingComment };
}

async function storedAs(rating, ratingComment) {
  for (let n = 0; n < 100; n++) {
    const now = await stored();
    if (now.rating === rating && now.ratingComment === ratingComment) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(await stored(), { rating, ratingComment });
}

test('a thumb is kept, and is there after a reload', async () => {
  const { page } = ada;
  const { mark } = await play(says('The answer is 42.'));
  await send(page, `What is it? ${mark}`);
  await replyEnded(page);
  await thumb(page, 'Good reply').click();
  assert.deepEqual(await pressed(page), ['true', 'false']);
  await storedAs('up');
  await page.reload();
  await thumb(page, 'Good reply').waitFor();
  assert.deepEqual(await pressed(page), ['true', 'false']);
});

test('the other thumb takes its place, with a comment, by keyboard alone', async () => {
  const { page } = ada;
  await thumb(page, 'Bad reply').focus();
  await page.keyboard.press('Enter');
  await storedAs('down');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const field = page.getByLabel('What was wrong with this reply?');
  await field.waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'comment');
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await shot(page, `rating-${width}-${colorScheme}`);
      assert.deepEqual(await contrastViolations(page), []);
    }
  }
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light' });
  assert.deepEqual(await violations(page), []);
  await field.fill('42 is no reason');
  await page.keyboard.press('Enter');
  await field.waitFor({ state: 'detached' });
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await becomes(focused, 'Bad reply');
  await storedAs('down', '42 is no reason');
  await page.reload();
  await thumb(page, 'Edit comment').click();
  await becomes(() => page.getByLabel('What was wrong with this reply?').inputValue(), '42 is no reason');
  await page.keyboard.press('Escape');
  await becomes(focused, 'Bad reply');
  for (const [name, word] of [['Good reply', 'up'], ['Bad reply', 'down']]) {
    await thumb(page, name).click();
    await storedAs(word, '42 is no reason'); // somebody who reconsiders has not typed in vain
  }
});

test('pressed again it is taken back', async () => {
  const { page } = ada;
  await thumb(page, 'Bad reply').click();
  assert.deepEqual(await pressed(page), ['false', 'false']);
  await storedAs(undefined);
  assert.equal(await thumb(page, 'Edit comment').count(), 0);
});

test('what the server does not take is not shown as kept', async () => {
  const { page, context } = ada;
  await context.route('**/rating', (route) => route.abort('connectionrefused'));
  await thumb(page, 'Good reply').click();
  await page.getByText('Can’t reach the server.').waitFor();
  await becomes(() => pressed(page), ['false', 'false']);
  await context.unroute('**/rating');
  await storedAs(undefined);
});

test('a reply that has just come can be rated while the next one is written', async () => {
  const { page } = ada;
  const slow = await play(saysSlowly('It begins', ' and ends.'));
  await send(page, `And then? ${slow.mark}`);
  await page.getByText('It begins').waitFor();
  await thumb(page, 'Good reply').click();
  await storedAs('up');
  await slow.open('1');
  await slow.open('2');
  await replyEnded(page);
  assert.deepEqual(await pressed(page), ['true', 'false']);
  await replies(page).nth(1).getByText('It begins and ends.').waitFor();
});
