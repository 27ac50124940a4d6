// The title of the tab counts a finished reply that nobody sees, until somebody looks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { becomes, launch, newSession, newVisitor, register, replies, replyEnded, send, sessionIdOf, sessionRows } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { says, saysSlowly } from './scripts.mjs';

let browser;
let ada;
let page;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
});
after(() => browser.close());

const counted = () => page.evaluate(() => /^\(\d+\) /.exec(document.title)?.[0].trim() ?? 'none');
const rowOf = (title) => sessionRows(page).filter({ hasText: title });

async function begin(title) {
  const script = await play(saysSlowly('It takes ', 'its time.'));
  await send(page, `${title} ${script.mark}`);
  await replies(page).last().getByText('It takes').waitFor();
  return script;
}

async function end(script) {
  for (const gate of ['1', '2']) await script.open(gate);
}

test('a reply that ends in another chat, and each further one, is counted until its chat is opened', async () => {
  const first = await begin('The first');
  await newSession(page);
  const second = await begin('The second');
  await newSession(page);
  await becomes(() => sessionRows(page).getByRole('img', { name: 'replying' }).count(), 2);
  assert.equal(await counted(), 'none');
  await end(first);
  await becomes(counted, '(1)');
  await rowOf('The first').getByRole('img', { name: 'unread' }).waitFor();
  await end(second);
  await becomes(counted, '(2)');
  await rowOf('The second').getByRole('link').click();
  await becomes(counted, '(1)');
  await rowOf('The first').getByRole('link').click();
  await becomes(counted, 'none');
  await page.reload();
  await replies(page).last().waitFor();
  await becomes(counted, 'none');
});

test('a reply that ends in the open chat while the page is hidden is counted', async () => {
  const looked = (state) =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await newSession(page);
  const script = await begin('The third');
  await looked('hidden');
  await end(script);
  await becomes(counted, '(1)');
  await looked('visible');
  await becomes(counted, 'none');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});

test('what was read in the archive is read when its chat comes back to the list', async () => {
  await newSession(page);
  const script = await play(says('First.'), says('Second.'));
  await send(page, `Put away ${script.mark}`);
  await replyEnded(page);
  const id = sessionIdOf(page);
  await call('PATCH', `ai/sessions/${id}`, await tokenOf(ada), { archived: true });
  await page.reload();
  await page.getByText('This chat is archived.').waitFor();
  await send(page, `Once more ${script.mark}`);
  await replies(page).last().getByText('Second.').waitFor();
  await replyEnded(page);
  const { updateTime } = await (await call('GET', `ai/sessions/${id}`, await tokenOf(ada))).json();
  await becomes(() => page.evaluate((id) => Object.values(JSON.parse(localStorage.getItem('lamplight.seen')).state.seen)[0].times[id], id), updateTime);
  await newSession(page);
  await call('PATCH', `ai/sessions/${id}`, await tokenOf(ada), { archived: false });
  await page.reload();
  await rowOf('Put away').waitFor();
  assert.equal(await rowOf('Put away').getByRole('img', { name: 'unread' }).count(), 0);
});
