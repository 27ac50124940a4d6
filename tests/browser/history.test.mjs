// A long session opens at its end, and earlier messages load without moving what people read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { baseUrl, becomes, launch, newVisitor, password, register, replyEnded, rests, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

async function api(path, body, token) {
  const response = await fetch(new URL(`api/${path}`, baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, `${path}: ${response.status}`);
  return response;
}

/** Creates a session with this many turns: a new session accepts the whole list that a client posts. */
async function longSession(username, turns) {
  const { accessToken } = await (await api('auth/login', { username, password })).json();
  const text = (value) => [{ type: 'text', text: value }];
  const messages = Array.from({ length: turns - 1 }, (_, n) => [
    { id: `q${n}`, role: 'user', parts: text(`Question ${n}`) },
    { id: `a${n}`, role: 'assistant', parts: text(`Answer ${n}. ${'A line of the answer. '.repeat(12)}`) },
  ]).flat();
  messages.push({ id: 'last', role: 'user', parts: text('The last question') });
  const response = await api('ai/chat', { id: 'long', messages, trigger: 'submit-message' }, accessToken);
  await response.text();
  return response.headers.get('x-session-id');
}

const box = (page) => page.getByRole('region', { name: 'Chat' });
const scrolled = (page) => box(page).evaluate((element) => ({ top: element.scrollTop, rest: element.scrollHeight - element.scrollTop - element.clientHeight }));

/** The message in the middle of the screen, and its position. */
function inSight(page) {
  return page.evaluate(() => {
    const middle = innerHeight / 2;
    const boxes = [...document.querySelectorAll('article')].map((element) => ({ text: element.innerText.slice(0, 40), top: Math.round(element.getBoundingClientRect().top) }));
    return boxes.filter(({ top }) => top < middle).at(-1);
  });
}

test('a long session opens at its end and grows upwards in place', async () => {
  const { page } = ada;
  const id = await longSession(ada.username, 100);
  await page.goto(new URL(`s/${id}`, baseUrl).href);
  await replyEnded(page);
  const articles = page.getByRole('article');
  await articles.getByText('The last question', { exact: true }).first().waitFor();
  assert.ok((await articles.count()) < 30, 'only what is in sight is in the document');
  await page.waitForFunction(() => document.querySelector('.plain-text') === null);
  assert.ok((await scrolled(page)).rest < 30, 'the end is on screen');
  const unprinted = page.getByText('Earlier messages aren’t printed');
  assert.equal(await unprinted.count(), 0);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await unprinted.waitFor();
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await unprinted.waitFor({ state: 'detached' });

  const older = page.waitForResponse((response) => response.url().includes('before='));
  await box(page).hover();
  let before;
  for (let answered = false; !answered; ) {
    await page.mouse.wheel(0, -700);
    await page.waitForTimeout(60);
    before = await inSight(page);
    answered = await Promise.race([older.then(() => true), page.waitForTimeout(20).then(() => false)]);
  }
  await page.waitForTimeout(500);
  const now = await page.evaluate((text) => {
    const element = [...document.querySelectorAll('article')].find((each) => each.innerText.startsWith(text));
    return element && Math.round(element.getBoundingClientRect().top);
  }, before.text);
  assert.ok(now !== undefined && Math.abs(now - before.top) < 60, `what was read stays: ${before.top} to ${now}`);
  await shot(page, 'history');

  for (let tries = 0; tries < 200 && (await articles.getByText('Question 0', { exact: true }).count()) === 0; tries++) {
    await page.mouse.wheel(0, -1500);
    await page.waitForTimeout(40);
  }
  await articles.getByText('Question 0', { exact: true }).waitFor();
  assert.ok((await articles.count()) < 40);
  await page.getByRole('button', { name: 'Scroll to the end' }).click();
  await articles.getByText('The last question', { exact: true }).first().waitFor();
});

test('a link to a message opens the session there, and the end is one click away', async () => {
  const { page } = ada;
  const { accessToken } = await (await api('auth/login', { username: ada.username, password })).json();
  const id = await longSession(ada.username, 90);
  const get = async (query) => {
    const response = await fetch(new URL(`api/ai/sessions/${id}/messages?limit=200${query}`, baseUrl), { headers: { authorization: `Bearer ${accessToken}` } });
    return response.json();
  };
  const all = await get('');
  const target = all.find(({ parts }) => parts[0].text === 'Question 30');
  await page.goto(new URL(`s/${id}?m=${target.id}`, baseUrl).href);
  const found = page.getByRole('article').getByText('Question 30', { exact: true });
  await found.waitFor();
  await page.waitForTimeout(600);
  const top = await found.evaluate((element) => element.getBoundingClientRect().top);
  assert.ok(top > 0 && top < 300, `the message is at the top: ${top}`);
  await shot(page, 'deep-link');
  await page.getByRole('button', { name: 'Scroll to the end' }).click();
  await page.getByRole('article').getByText('The last question', { exact: true }).first().waitFor();
});

test('returning to a chat shows the place where the reader was', async () => {
  const { page } = ada;
  await page.goto(new URL(`s/${await longSession(ada.username, 90)}`, baseUrl).href);
  await replyEnded(page);
  const ways = {
    'the account and its button': async () => {
      await page.evaluate(() => { location.hash = 'account'; });
      await page.getByRole('button', { name: 'Back to the chat' }).click();
    },
    'the assistants, and back in the history': async () => {
      await page.evaluate(() => { location.hash = 'assistants'; });
      await page.getByRole('heading', { name: 'Assistants' }).waitFor();
      await page.goBack();
    },
  };
  for (const [way, there] of Object.entries(ways)) {
    await box(page).hover();
    for (let n = 0; n < 5; n++) await page.mouse.wheel(0, -500);
    await rests(box(page));
    const before = await inSight(page);
    await there();
    await box(page).waitFor();
    await rests(box(page));
    assert.deepEqual(await inSight(page), before, way);
    await becomes(() => page.evaluate(() => document.activeElement.id), 'composer', way);
  }
  await page.getByRole('button', { name: 'Scroll to the end' }).click();
  await rests(box(page));
  await ways['the account and its button']();
  await box(page).waitFor();
  await rests(box(page));
  assert.ok((await scrolled(page)).rest < 30, 'the end was left, and is there again');
});

for (const address of ['s/1', 's/abc', 's/abc?m=7#nowhere', 's/99999999999999999999999']) {
  test(`a session that is not there is told, with a way on: ${address}`, async () => {
    const { page } = ada;
    await page.goto(new URL(address, baseUrl).href);
    await page.getByRole('alert').getByText('This chat doesn’t exist, or you don’t have access to it.').waitFor();
    assert.equal(page.url(), new URL(address, baseUrl).href, 'the address stays as it was typed');
    await page.getByRole('alert').getByRole('button', { name: 'New chat' }).click();
    await page.getByText(/^Good (morning|afternoon|evening|night)/).waitFor();
    assert.equal(page.url(), baseUrl);
  });
}

test("another user's session is told in the same words", async () => {
  const id = await longSession(ada.username, 2);
  const eve = await newVisitor(browser);
  await register(eve);
  await eve.page.goto(new URL(`s/${id}`, baseUrl).href);
  await eve.page.getByRole('alert').getByText('This chat doesn’t exist, or you don’t have access to it.').waitFor();
  await eve.context.close();
});
