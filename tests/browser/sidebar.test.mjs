// The list of sessions: pages, groups, pinned and archived sessions, marks, deleting with undo, search.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from './access.mjs';
import { baseUrl, becomes, composer, launch, newSession, newVisitor, register, replyEnded, send, sessionIdOf, sessionRows, shot } from './browser.mjs';
import { call, seedSession, seedSessions, tokenOf } from './seed.mjs';

const many = 58;
let browser;
let ada;
let token;
let ids;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  token = await tokenOf(ada);
  ids = await seedSessions(token, many);
  await ada.page.reload();
});
after(() => browser.close());

const list = (page) => page.getByRole('navigation', { name: 'Chats' });
const rowOf = (page, title) => sessionRows(page).filter({ has: page.getByText(title, { exact: true }) });

async function choose(page, title, item) {
  const row = rowOf(page, title);
  await row.hover();
  await row.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

async function notFound(promise) {
  return promise.then(() => false, (error) => error.message.includes('404'));
}

test('the newest sessions are on top; the others come when one scrolls to them, and only some are in the document', async () => {
  const { page } = ada;
  await rowOf(page, `Topic ${many}`).waitFor();
  await becomes(() => sessionRows(page).first().innerText(), `Topic ${many}`);
  assert.ok((await sessionRows(page).count()) < 50);
  const oldest = rowOf(page, 'Topic 1');
  await list(page).hover();
  for (let tries = 0; tries < 40 && (await oldest.count()) === 0; tries++) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(100);
  }
  await oldest.waitFor();
  assert.ok((await sessionRows(page).count()) < 50);
  await list(page).evaluate((element) => element.scrollTo(0, 0));
  assert.deepEqual(await violations(page), []);
  await shot(page, 'sidebar');
});

test('arrow keys go along the list, and Enter opens', async () => {
  const { page } = ada;
  await sessionRows(page).first().getByRole('link').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/s/${ids.at(-2)}`);
});

test('a pinned session has a place of its own, also after a reload', async () => {
  const { page } = ada;
  await choose(page, `Topic ${many - 3}`, 'Pin');
  const pinned = page.getByRole('region', { name: 'Pinned' }).getByRole('listitem');
  await pinned.waitFor();
  await page.reload();
  await becomes(() => pinned.innerText(), `Topic ${many - 3}`);
  await shot(page, 'pinned');
  await choose(page, `Topic ${many - 3}`, 'Unpin');
  await pinned.waitFor({ state: 'detached' });
});

test('an archived session leaves the list, is in the archive, and comes back', async () => {
  const { page } = ada;
  const title = `Topic ${many - 4}`;
  await choose(page, title, 'Archive');
  await rowOf(page, title).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'settings');
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  const archived = page.getByRole('list', { name: 'Archived chats' }).getByRole('listitem');
  await archived.getByText(title).waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'archive');
  await archived.getByRole('link').first().click();
  await page.getByText('This chat is archived.').waitFor();
  await becomes(() => page.getByRole('heading', { level: 1 }).innerText(), title);
  await page.getByRole('button', { name: 'Unarchive' }).click();
  await rowOf(page, title).waitFor();
});

test('a deleted session can be brought back; the server hears of it only after that', async () => {
  const { page } = ada;
  const deletes = [];
  page.on('request', (request) => request.method() === 'DELETE' && deletes.push(request.url()));
  await choose(page, `Topic ${many}`, 'Delete');
  await rowOf(page, `Topic ${many}`).waitFor({ state: 'detached' });
  await shot(page, 'undo');
  await page.getByRole('listitem').filter({ hasText: 'was deleted.' }).getByRole('button', { name: 'Undo' }).click();
  await rowOf(page, `Topic ${many}`).waitFor();
  assert.deepEqual(deletes, []);
});

test('a session whose page is left right after it was deleted is gone', async () => {
  const { page } = ada;
  await choose(page, `Topic ${many}`, 'Delete');
  await rowOf(page, `Topic ${many}`).waitFor({ state: 'detached' });
  await page.reload();
  await rowOf(page, `Topic ${many - 1}`).waitFor();
  for (let tries = 0; tries < 50 && !(await notFound(call('GET', `ai/sessions/${ids.at(-1)}`, token))); tries++) await page.waitForTimeout(100);
  assert.ok(await notFound(call('GET', `ai/sessions/${ids.at(-1)}`, token)));
});

test('several are picked and deleted together', async () => {
  const { page } = ada;
  await choose(page, `Topic ${many - 1}`, 'Select multiple');
  await page.getByRole('checkbox', { name: `Topic ${many - 2}`, exact: true }).check();
  await page.getByText('2 selected').waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'picking');
  const told = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('2 chats were deleted.').waitFor();
  assert.deepEqual((await told).postDataJSON().sessionIds.toSorted(), [ids[many - 2], ids[many - 3]].toSorted());
});

test('the search finds titles and messages, and opens a session at the message', async () => {
  const { page } = ada;
  const id = await seedSession(token, 'Where do the swallows of Samarkand spend the winter?');
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search chats').fill('samarkand swal');
  const hits = page.getByRole('navigation', { name: 'Search results' }).getByRole('listitem');
  await hits.first().waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'search');
  await hits.last().getByRole('link').click();
  await page.waitForURL(`**/s/${id}**`);
  await page.getByRole('article', { name: 'You' }).getByText('swallows').waitFor();
  await page.getByLabel('Search chats').fill('nothing has this word zxqv');
  await page.getByText('Nothing found.').waitFor();
  await page.getByLabel('Search chats').press('Escape');
  await sessionRows(page).first().waitFor();
});

test('a session with something new is marked until it is looked at', async () => {
  const { page } = ada;
  await newSession(page);
  await send(page, 'Give me a long answer');
  await page.waitForURL('**/s/*');
  const id = sessionIdOf(page);
  const row = sessionRows(page).filter({ has: page.getByText('Give me a long answer') });
  await row.getByRole('img', { name: 'replying' }).waitFor();
  await rowOf(page, 'Topic 50').getByRole('link').click();
  await page.waitForURL(`**/s/${ids[49]}`); // otherwise the reader would see the reply end
  await call('POST', `ai/chat/${id}/stop`, token);
  const unread = page.getByRole('img', { name: 'unread' });
  await unread.waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'unread');
  await sessionRows(page).filter({ has: unread }).getByRole('link').click();
  await unread.waitFor({ state: 'detached' });
});

test('what is typed is kept for each session, over a reload and a log-out', async () => {
  const { page } = ada;
  await rowOf(page, 'Topic 49').getByRole('link').click();
  await page.waitForURL(`**/s/${ids[48]}`);
  await composer(page).fill('half a thought');
  await rowOf(page, 'Topic 50').getByRole('link').click();
  await page.waitForURL(`**/s/${ids[49]}`);
  await becomes(() => composer(page).inputValue(), '');
  await page.goto(new URL(`s/${ids[48]}`, baseUrl).href);
  await replyEnded(page);
  await becomes(() => composer(page).inputValue(), 'half a thought');
});

test('the page kept to its Content-Security-Policy and its own origin', () => {
  assert.deepEqual(ada.complaints, []);
});
