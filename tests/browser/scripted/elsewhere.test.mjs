// The same account in another tab and on another device: each shows what happens in the other, and neither disturbs the
// other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { baseUrl, becomes, composer, launch, logIn, newVisitor, register, replies, replyEnded, send, sessionIdOf, sessionRows, shot } from '../browser.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;
let tab;
let phone;
let address;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  const script = await play(says('The beginning.'));
  await send(ada.page, `Let us begin ${script.mark}`);
  await replyEnded(ada.page);
  address = new URL(`s/${sessionIdOf(ada.page)}`, baseUrl).href;
  tab = await ada.context.newPage();
  await tab.goto(address);
  phone = { ...(await newVisitor(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })), username: ada.username };
  await phone.page.goto(address);
  await logIn(phone);
  for (const page of [tab, phone.page]) await replyEnded(page);
});
after(() => browser.close());

const told = (page) => replies(page).last().locator('.prose, .plain-text').last();
const shows = (page, text) => told(page).getByText(text, { exact: true }).waitFor();

for (const [name, from, to] of [
  ['another tab', () => ada.page, () => tab],
  ['another device', () => phone.page, () => ada.page],
  ['a desktop, on the phone', () => ada.page, () => phone.page],
]) {
  test(`a reply that was asked for in ${name} comes in here, too, from its first word on`, async () => {
    const script = await play(saysSlowly('It is coming ', 'in here, too.'));
    const question = `Can you see this, ${name}? ${script.mark}`;
    await send(from(), question);
    await shows(from(), 'It is coming');
    await to().getByRole('article', { name: 'You' }).last().getByText(question).waitFor({ timeout: 30_000 });
    await shows(to(), 'It is coming');
    await to().getByRole('button', { name: 'Stop' }).waitFor();
    await script.open('1');
    await shows(to(), 'It is coming in here, too.');
    await script.open('2');
    for (const page of [from(), to()]) await replyEnded(page);
    const texts = await Promise.all([from(), to()].map((page) => told(page).innerText()));
    assert.equal(texts[0], texts[1]);
  });
}

/**
 * Holds the page's requests to `pattern` until the test calls `answer` with what to do with them; `answer` resolves when that
 * is done.
 */
function hold(page, pattern, method) {
  let decide;
  let arrive;
  let finish;
  const decision = new Promise((resolve) => (decide = resolve));
  const arrived = new Promise((resolve) => (arrive = resolve));
  const finished = new Promise((resolve) => (finish = resolve));
  const held = async (route) => {
    if (route.request().method() !== method) return route.fallback();
    arrive();
    const work = await decision;
    await work(route).catch(() => undefined); // the page may have cancelled it
    finish();
  };
  const answer = (work) => {
    decide(work);
    return finished;
  };
  return page.route(pattern, held).then(() => ({ arrived, answer, end: () => page.unroute(pattern, held) }));
}

test('a message that is sent while its tab still looks whether a reply runs is sent once, and neither tab shows it as unsent', async () => {
  const look = await hold(ada.page, '**/stream', 'GET');
  await ada.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await look.arrived;
  const post = await hold(ada.page, '**/api/ai/chat', 'POST');
  const script = await play(saysSlowly('Taken ', 'once.'));
  const question = `While you look ${script.mark}`;
  await send(ada.page, question);
  await post.arrived;
  await look.answer((route) => route.fulfill({ status: 204 }));
  await look.end();
  await post.answer((route) => route.continue());
  await post.end();
  for (const page of [ada.page, tab]) {
    await shows(page, 'Taken');
    await page.getByText(question).waitFor();
    await page.getByText(/Will be sent|Sending/).waitFor({ state: 'detached' });
    await becomes(() => page.getByText(question).count(), 1);
  }
  await script.open('1');
  await script.open('2');
  for (const page of [ada.page, tab]) await replyEnded(page);
});

test('a reply can be stopped from another tab', async () => {
  const script = await play(saysSlowly('Never mind ', 'what comes now.'));
  await send(ada.page, `Something long ${script.mark}`);
  await shows(tab, 'Never mind');
  await tab.getByRole('button', { name: 'Stop' }).click();
  for (const page of [ada.page, tab]) await replies(page).last().getByText('stopped').waitFor();
  await becomes(() => told(ada.page).innerText(), 'Never mind');
});

test('two who write at once: one message is taken, the other waits for its turn', async () => {
  const script = await play(saysSlowly('For the first one.'));
  // The phone does not know yet what has begun elsewhere. Neither the session nor the list may load: the page loads
  // incomplete sessions again, and that could happen between these lines.
  await phone.page.route('**/ai/sessions**', (route) => route.abort());
  await phone.page.route('**/stream', (route) => route.abort());
  await composer(phone.page).fill('I was second');
  await send(ada.page, `I was first ${script.mark}`);
  await shows(ada.page, 'For the first one.');
  await phone.page.unroute('**/ai/sessions**');
  await phone.page.unroute('**/stream');
  await phone.page.getByRole('button', { name: 'Send', exact: true }).click();
  await phone.page.getByText('Will be sent after this reply').waitFor();
  await shows(phone.page, 'For the first one.');
  await becomes(() => composer(phone.page).inputValue(), '');
  await shot(phone.page, 'phone-second');
  await script.open('1');
  for (const page of [ada.page, phone.page]) {
    await replies(page).last().getByText('You said: I was second').waitFor();
    await replyEnded(page);
  }
});

test('a session that is being replied to elsewhere is marked in the list, and unread when the reply is there', async () => {
  await ada.page.getByRole('link', { name: 'New chat' }).first().click();
  await ada.page.getByText(/^Good /).waitFor();
  const script = await play(saysSlowly('News'));
  await tab.close(); // what one tab has shown counts as read in all of them
  await send(phone.page, `Anything new? ${script.mark}`);
  await shows(phone.page, 'News');
  await ada.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await sessionRows(ada.page).getByRole('img', { name: 'replying' }).waitFor();
  await script.open('1');
  await sessionRows(ada.page).getByRole('img', { name: 'unread' }).waitFor();
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual([...ada.complaints, ...phone.complaints], []);
});
