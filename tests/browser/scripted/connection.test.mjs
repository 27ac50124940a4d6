// Connections break, devices sleep, proxies reach their time limit: the reply still arrives to its end, and the reader
// notices nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startCutter } from '../../support/cutter.mjs';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { asking, baseUrl, becomes, composer, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, shot, write } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { saysSlowly, thinks } from './scripts.mjs';

let browser;
let cutter;
let ada;

before(async () => {
  browser = await launch();
  cutter = await startCutter(baseUrl);
  ada = await newVisitor(browser, { base: cutter.url });
  await register(ada);
});
after(async () => {
  await browser.close();
  cutter.close();
});

const words = ['The first words, ', 'then some more, ', 'a third time, ', 'the fourth, ', 'and the end.'];

/** Notes every text that the last reply shows. */
function watch(page) {
  return page.evaluate(() => {
    window.seen = [];
    const look = () => {
      const reply = [...document.querySelectorAll('article[aria-label="Reply"]')].at(-1);
      const text = [...(reply?.querySelectorAll('.prose, .plain-text') ?? [])].map((each) => each.textContent.trim()).join('\n');
      if (text !== (window.seen.at(-1) ?? '')) window.seen.push(text);
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

/** What the reply showed has only grown, and at its end the reply shows the stored text once. */
async function noSeam(page, expected) {
  await replyEnded(page);
  const seen = await page.evaluate(() => window.seen);
  for (const [n, text] of seen.entries()) assert.ok(n === 0 || text.startsWith(seen[n - 1]), `"${seen[n - 1]}" was followed by "${text}"`);
  assert.equal(seen.at(-1), expected);
  const stored = await (await call('GET', `ai/sessions/${sessionIdOf(page)}/messages`, await tokenOf(ada))).json();
  assert.equal(stored.length, 2);
  assert.deepEqual(stored[1].parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])), [expected]);
  assert.equal(stored[1].metadata.status, 'complete');
  await becomes(() => page.getByRole('alert').count(), 0);
}

async function asks(page, ...scripts) {
  await newSession(page);
  const script = await play(...scripts);
  await watch(page);
  await send(page, `Go on, whatever happens ${script.mark}`);
  return script;
}

const shows = (page, text) => replies(page).last().getByText(text).waitFor();
/** Does something that makes the page resume the reply in a new stream. */
async function untilAnother(work, page) {
  const { streams } = cutter;
  await work();
  for (let tries = 0; cutter.streams <= streams; tries++) {
    assert.ok(tries < 1000, 'the reply is taken up again');
    await page.waitForTimeout(20);
  }
}

/** Makes the page believe that the device was asleep for half a minute. */
const wake = (page) => page.evaluate(() => {
  const now = Date.now;
  Date.now = () => now() + 30_000;
  document.dispatchEvent(new Event('visibilitychange'));
});

for (const [how, what] of [['end', 'a proxy whose time is up, five times in one reply'], ['reset', 'a connection that breaks, five times in one reply']]) {
  test(`${what}: the reply goes on by itself`, async () => {
    const { page } = ada;
    const script = await asks(page, saysSlowly(...words));
    for (const [n, text] of words.entries()) {
      await shows(page, text.trim());
      await untilAnother(() => cutter.cut(how), page);
      await script.open(String(n + 1));
    }
    await noSeam(page, words.join(''));
  });
}

test('after a reload in mid-reply the page offers to stop, not to send, before it has taken the reply up', async () => {
  const { page } = ada;
  const script = await asks(page, saysSlowly(...words));
  await shows(page, words[0].trim());
  const held = new Promise((resolve) => void page.route('**/stream', resolve));
  await page.reload();
  await page.getByText('Go on, whatever happens').last().waitFor();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  assert.equal(await replies(page).count(), 0);
  await (await held).continue();
  await page.unroute('**/stream');
  for (const n of words.keys()) await script.open(String(n + 1));
  await shows(page, words.at(-1));
  await replyEnded(page);
});

test('bodies that end within an event, and replays that end before what was shown', async () => {
  const { page } = ada;
  for (const bytes of [520, 1, 333, 250, 440]) cutter.limits.push({ bytes, how: 'end' });
  const script = await asks(page, saysSlowly(...words));
  for (const n of words.keys()) if (n > 0) await script.open(String(n));
  for (let tries = 0; cutter.limits.length > 0; tries++) {
    assert.ok(tries < 1000, 'every limit is met');
    await page.waitForTimeout(20);
  }
  await script.open(String(words.length));
  await noSeam(page, words.join(''));
});

test('a connection that breaks in the thoughts: they are there once', async () => {
  const { page } = ada;
  const script = await asks(page, thinks('Let me think about that.', 'Here it is.'));
  await page.getByText('Thinking…').waitFor();
  await untilAnother(() => cutter.cut('reset'), page);
  await script.open('thought');
  await replyEnded(page);
  await becomes(() => replies(page).last().locator('summary').count(), 1);
  await replies(page).last().locator('summary').click();
  await replies(page).last().getByText('Let me think about that.', { exact: true }).waitFor();
  await becomes(() => replies(page).count(), 1);
});

test('the network is away for a while: the page says so, and goes on when it is back', async () => {
  const { page } = ada;
  const script = await asks(page, saysSlowly(...words));
  await shows(page, words[0].trim());
  await cutter.away();
  await page.getByText('Connection lost. Reconnecting…').waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'connection-lost');
  for (const n of words.keys()) await script.open(String(n + 1)); // the model does not wait for the reader
  await cutter.back();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await noSeam(page, words.join(''));
});

test('a device that slept takes the reply up when it is looked at again', async () => {
  const { page } = ada;
  const script = await asks(page, saysSlowly(...words));
  await shows(page, words[0].trim());
  cutter.hold();
  await script.open('1');
  await untilAnother(() => wake(page), page);
  await shows(page, words[1].trim());
  for (const n of words.keys()) await script.open(String(n + 1));
  await noSeam(page, words.join(''));
});

test('a reply that ended while the device slept is there', async () => {
  const { page } = ada;
  const script = await asks(page, saysSlowly(...words));
  await shows(page, words[0].trim());
  cutter.hold();
  for (const n of words.keys()) await script.open(String(n + 1));
  await replyIs('complete');
  await wake(page);
  await noSeam(page, words.join(''));

  async function replyIs(status) {
    const token = await tokenOf(ada);
    for (let last; last?.metadata.status !== status; ) {
      last = (await (await call('GET', `ai/sessions/${sessionIdOf(page)}/messages`, token)).json())[1];
      await page.waitForTimeout(50);
    }
  }
});

test('a message is written while the network is away: nothing of it is lost, and it is sent once', async () => {
  const { page } = ada;
  await newSession(page);
  await cutter.away();
  await write(page, 'Written on a train');
  await page.getByRole('alert').getByText('Can’t reach the server. Check your connection and try again.').waitFor();
  await cutter.back();
  await asking(page, () => page.getByRole('button', { name: 'Try again' }).click());
  await replyEnded(page);
  const stored = await (await call('GET', `ai/sessions/${sessionIdOf(page)}/messages`, await tokenOf(ada))).json();
  assert.deepEqual(stored.map(({ parts }) => parts.find(({ type }) => type === 'text').text), ['Written on a train', 'You said: Written on a train']);
  await becomes(() => composer(page).inputValue(), '');
});

test('what could not be sent goes by itself when the network is back', async () => {
  const { page } = ada;
  await cutter.away();
  await write(page, 'Written in a tunnel');
  await page.getByRole('alert').getByText('Can’t reach the server.').waitFor();
  await composer(page).fill('and some more');
  await cutter.back();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await shows(page, 'You said: Written in a tunnel');
  await replyEnded(page);
  await becomes(() => page.getByRole('article', { name: 'You' }).count(), 2);
  await becomes(() => page.getByRole('alert').count(), 0);
  await becomes(() => composer(page).inputValue(), 'and some more');
  await composer(page).fill('');
});

test('the connection breaks when the server has taken the message and nobody knows: it is there once', async () => {
  const { page } = ada;
  await newSession(page);
  const script = await play(saysSlowly('Taken.'));
  cutter.limits.push({ bytes: null });
  await watch(page);
  await write(page, `Did you get this? ${script.mark}`);
  // A browser may retry once by itself; if it does not, the page offers to.
  const again = page.getByRole('button', { name: 'Try again' });
  await again.or(replies(page).getByText('Taken.')).waitFor();
  if (await again.isVisible()) await again.click();
  await shows(page, 'Taken.');
  assert.equal((await script.log()).length, 1);
  await script.open('1');
  await noSeam(page, 'Taken.');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
