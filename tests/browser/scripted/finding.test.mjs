// People find what they look for: the time of a message, what they archived by mistake, and words from long ago.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { baseUrl, becomes, launch, newVisitor, register, replies, replyEnded, rests, send, sessionRows, shot } from '../browser.mjs';
import { call, seedSession, tokenOf } from '../seed.mjs';
import { says } from './scripts.mjs';

let browser;
let ada;
let phone;

async function enter(options) {
  const visitor = await newVisitor(browser, options);
  await register(visitor);
  return visitor;
}

before(async () => {
  browser = await launch();
  ada = await enter({ locale: 'en-GB', timezoneId: 'Pacific/Auckland' });
  phone = await enter({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
});
after(() => browser.close());

test('when a message was written is said beside it, with all of the date in a tooltip, in the reader’s zone', async () => {
  const { page } = ada;
  const script = await play(says('It is late.'));
  await send(page, `What time is it? ${script.mark}`);
  await replyEnded(page);
  const times = page.getByRole('article').locator('time');
  for (const name of ['You', 'Reply']) {
    const time = page.getByRole('article', { name }).locator('time');
    await time.waitFor();
    const moment = new Date(await time.getAttribute('datetime'));
    assert.ok(Math.abs(moment - Date.now()) < 120_000);
    const zone = { timeZone: 'Pacific/Auckland' };
    assert.equal((await time.innerText()).replace(/\s/g, ' '), moment.toLocaleTimeString('en', { ...zone, timeStyle: 'short' }).replace(/\s/g, ' '));
    assert.match(await time.getAttribute('title'), new RegExp(moment.toLocaleDateString('en', { ...zone, dateStyle: 'full' })));
  }
  const before = await times.evaluateAll((list) => list.map(({ title }) => title));
  await page.reload();
  await replyEnded(page);
  await becomes(async () => (await times.evaluateAll((list) => list.map(({ title }) => title)))[1], before[1]);
  await page.getByRole('article', { name: 'You' }).hover();
  await shot(page, 'finding-time');
  assert.deepEqual(await violations(page), []);
});

const rowOf = (page, title) => sessionRows(page).filter({ hasText: title });

async function archive(page, title) {
  const more = page.getByRole('button', { name: `More for ${title}`, exact: true });
  await more.hover();
  await more.click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await page.getByText(`“${title}” was archived.`).waitFor();
  await rowOf(page, title).waitFor({ state: 'detached' });
}

const isArchived = async (visitor, id) => (await (await call('GET', `ai/sessions/${id}`, await tokenOf(visitor))).json()).archived;

for (const [name, visitor, undo] of [
  ['by the button', () => ada, (page) => page.getByRole('button', { name: 'Undo' }).click()],
  ['by the keyboard', () => ada, (page) => page.keyboard.press('Control+z')],
  ['on a phone', () => phone, (page) => page.getByRole('button', { name: 'Undo' }).tap()],
]) {
  test(`what was archived comes back ${name}`, async () => {
    const { page } = visitor();
    const id = await seedSession(await tokenOf(visitor()), `Put away ${name}`);
    await page.reload();
    if (visitor() === phone) await page.getByRole('button', { name: 'Open the chat list' }).tap();
    await archive(page, `Put away ${name}`);
    await shot(page, `finding-archived-${visitor() === phone ? 'phone' : 'desktop'}`);
    await undo(page);
    await rowOf(page, `Put away ${name}`).waitFor();
    await page.getByText('was archived.').waitFor({ state: 'detached' });
    for (let tries = 0; tries < 100 && (await isArchived(visitor(), id)); tries++) await sleep(100);
    assert.equal(await isArchived(visitor(), id), false);
  });
}

test('taking it back waits for a server that has not yet heard of it', async () => {
  const { page } = ada;
  const id = await seedSession(await tokenOf(ada), 'Put away slowly');
  await page.reload();
  const wishes = [];
  let free;
  const held = new Promise((resolve) => (free = resolve));
  await page.route('**/api/ai/sessions/*', async (route) => {
    if (route.request().method() === 'PATCH') wishes.push(route.request().postDataJSON().archived);
    if (wishes.length === 1) await held;
    await route.continue();
  });
  await archive(page, 'Put away slowly');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('was archived.').waitFor({ state: 'detached' });
  assert.deepEqual(wishes, [true]);
  free();
  await rowOf(page, 'Put away slowly').waitFor();
  for (let tries = 0; tries < 100 && (await isArchived(ada, id)); tries++) await sleep(100);
  assert.equal(await isArchived(ada, id), false);
  assert.deepEqual(wishes, [true, false]);
  await page.unroute('**/api/ai/sessions/*');
});

test('what the server refuses to put away is in the list again, and nothing is offered', async () => {
  const { page } = ada;
  await seedSession(await tokenOf(ada), 'Not to be put away');
  await page.reload();
  await page.route('**/api/ai/sessions/*', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()));
  await rowOf(page, 'Not to be put away').hover();
  await page.getByRole('button', { name: 'More for Not to be put away' }).click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await page.getByText(/can’t be reached|try again/i).first().waitFor();
  await rowOf(page, 'Not to be put away').waitFor();
  await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
  await page.unroute('**/api/ai/sessions/*');
});

const menuOf = async (page, n = -1) => {
  const reply = n < 0 ? replies(page).last() : replies(page).nth(n);
  await reply.getByRole('button', { name: 'More for this reply' }).click();
  await page.getByRole('menu').waitFor();
};

for (const [name, visitor] of [
  ['on a desktop', () => ada],
  ['on a phone', () => phone],
]) {
  test(`a reply is asked for again, only shorter, ${name}; that is known after a reload`, async () => {
    const { page } = visitor();
    await page.goto(baseUrl);
    const script = await play(says('A long story.'), says('A story.'));
    await send(page, `Tell me a story ${script.mark}`);
    await replyEnded(page);
    await menuOf(page);
    assert.deepEqual(await violations(page), []);
    await shot(page, `finding-menu-${visitor() === phone ? 'phone' : 'desktop'}`);
    // Headless Chromium has no voices.
    await becomes(() => page.getByRole('menuitem').allInnerTexts(), ['Shorter', 'Longer', 'Simpler']);
    await page.getByRole('menu').locator('time').waitFor();
    await page.getByRole('menuitem', { name: 'Shorter' }).click();
    await replies(page).last().getByText('A story.', { exact: true }).waitFor();
    await replyEnded(page);
    await replies(page).last().getByText('test-model · Shorter').waitFor();
    await page.reload();
    await replies(page).last().getByText('test-model · Shorter').waitFor();
    const [, asked] = await script.requests();
    assert.match(JSON.stringify(asked.messages[0]), /only what matters most/);
    await replies(page).last().getByRole('button', { name: /Previous/ }).click();
    await replies(page).last().getByText('A long story.').waitFor();
    assert.equal(await replies(page).last().getByText('Shorter').count(), 0);
  });
}

/** Gives the browser voices, and records what it is told to say. */
const withVoices = (page) =>
  page.addInitScript(() => {
    const said = [];
    const listeners = new Set();
    let voices = [];
    let current = null;
    const speech = {
      getVoices: () => voices,
      addEventListener: (_, listener) => listeners.add(listener),
      removeEventListener: (_, listener) => listeners.delete(listener),
      speak: (utterance) => {
        said.push({ text: utterance.text, lang: utterance.lang, voice: utterance.voice?.name });
        current = utterance;
      },
      cancel: () => {
        current?.onerror?.({});
        current = null;
        said.push('stop');
      },
    };
    Object.defineProperty(globalThis, 'speechSynthesis', { value: speech });
    globalThis.SpeechSynthesisUtterance = class {
      constructor(text) {
        this.text = text;
      }
    };
    globalThis.speech = {
      said,
      next: () => current?.onend?.({}),
      learn: (list) => {
        voices = list;
        for (const listener of listeners) listener();
      },
    };
    speech.learn = globalThis.speech.learn;
    globalThis.speech.learn([
      { name: 'Anna', lang: 'de-DE', localService: true },
      { name: 'Joe', lang: 'en-US', localService: true },
    ]);
  });

test('a reply is read aloud: its words in its language, without signs and source; and is stopped', async () => {
  const { page } = phone;
  await withVoices(page);
  await page.goto(baseUrl);
  const text = '# Die Lampe\n\nSie steht **auf dem Tisch** und gibt Licht.\n\n```c\nint x;\nint y;\n```\n\nDas ist alles, was man wissen muss.';
  const script = await play(says(text));
  await send(page, `Was ist das? ${script.mark}`);
  await replyEnded(page);
  const said = () => page.evaluate(() => globalThis.speech.said);
  await menuOf(page);
  await shot(page, 'finding-read-phone');
  await page.getByRole('menuitem', { name: 'Read aloud' }).click();
  await page.getByRole('button', { name: 'Stop reading' }).waitFor();
  for (let n = 1; n <= 4; n++) {
    await page.waitForFunction((n) => globalThis.speech.said.length === n, n);
    await page.evaluate(() => globalThis.speech.next());
  }
  await page.getByRole('button', { name: 'Stop reading' }).waitFor({ state: 'detached' });
  assert.deepEqual((await said()).map(({ text }) => text), ['Die Lampe', 'Sie steht auf dem Tisch und gibt Licht.', 'Code in c, 2 lines.', 'Das ist alles, was man wissen muss.']);
  for (const { lang, voice } of await said()) assert.deepEqual([lang, voice], ['de-DE', 'Anna']);
  await menuOf(page);
  await page.getByRole('menuitem', { name: 'Read aloud' }).click();
  await page.waitForFunction(() => globalThis.speech.said.length === 5);
  await page.getByRole('button', { name: 'Stop reading' }).click();
  await page.waitForFunction(() => globalThis.speech.said.at(-1) === 'stop');
  await page.getByRole('button', { name: 'Stop reading' }).waitFor({ state: 'detached' });
  // Somebody who opens another chat has heard enough.
  await menuOf(page);
  await page.getByRole('menuitem', { name: 'Read aloud' }).click();
  await page.waitForFunction(() => globalThis.speech.said.length === 7);
  await page.getByRole('link', { name: 'New chat' }).first().click();
  await page.waitForFunction(() => globalThis.speech.said.at(-1) === 'stop');
});

/** The marked words, as the page shows them. */
const marked = (page) => page.evaluate(() => [...(CSS.highlights.get('found') ?? [])].map((range) => range.toString()));

async function searchFor(page, words) {
  if (page === phone.page) await page.getByRole('button', { name: 'Open the chat list' }).tap();
  await page.getByLabel('Search chats').fill(words);
  const found = page.getByRole('navigation', { name: 'Search results' });
  await found.getByRole('link').first().waitFor();
  return found;
}

test('a search finds the middle of a word, chat by chat, and marks it where it was found', async () => {
  const { page } = phone;
  await page.goto(baseUrl);
  const filler = Array.from({ length: 60 }, (_, n) => `Paragraph ${n} about **nothing** at all.`).join('\n\n');
  const script = await play(says(`${filler}\n\nUse **Open**Resty with \`openresty -t\`, or nginx.`), says('It is OpenResty.'));
  await send(page, `Which server? ${script.mark}`);
  await replyEnded(page);
  await send(page, `Which openresty? ${script.mark}`);
  await replyEnded(page);
  await page.goto(baseUrl);
  let found;
  for (let tries = 0; tries < 20; tries++) {
    found = await searchFor(page, 'PENRESTY');
    if ((await found.getByRole('listitem').count()) === 4) break;
    await page.getByLabel('Search chats').fill('');
    await page.keyboard.press('Escape');
  }
  // One chat has three messages; the long one has the word twice, once with signs of Markdown in it.
  await becomes(() => found.getByRole('list').count(), 2);
  await becomes(() => found.getByRole('listitem').count(), 4);
  await becomes(() => found.locator('mark').count(), 4);
  assert.ok((await found.locator('mark').allInnerTexts()).every((text) => text.toLowerCase() === 'penresty'));
  assert.deepEqual(await violations(page), []);
  await shot(page, 'finding-results-phone');
  await found.getByRole('link').last().tap();
  await page.waitForFunction(() => CSS.highlights.get('found')?.size === 2);
  assert.deepEqual(await marked(page), ['penResty', 'penresty']);
  // The word is at the end of a long reply, and visible.
  await page.waitForFunction(() => {
    const [range] = CSS.highlights.get('found');
    const { top, bottom } = range.getBoundingClientRect();
    return top > 0 && bottom < innerHeight;
  });
  await shot(page, 'finding-marked-phone');
  await becomes(() => replies(page).first().locator('strong').last().innerText(), 'Open');
  await send(page, `Thank you ${script.mark}`);
  await page.waitForFunction(() => CSS.highlights.get('found') === undefined);
});

/** Drags something onto an element and drops it there. */
const drop = (locator, { files = [], folder, link }) =>
  locator.evaluate(
    async (element, { files, folder, link }) => {
      const dataTransfer = new DataTransfer();
      for (const name of files) dataTransfer.items.add(new File(['words'], name, { type: 'text/plain' }));
      if (folder !== undefined) dataTransfer.items.add(new File([''], folder));
      if (link !== undefined) dataTransfer.setData('text/uri-list', link);
      const entry = DataTransferItem.prototype.webkitGetAsEntry;
      if (folder !== undefined) DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true });
      const fire = (type) => element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      const taken = !fire('dragover');
      await new Promise(requestAnimationFrame);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const words = document.body.innerText;
      const dropped = !fire('drop');
      DataTransferItem.prototype.webkitGetAsEntry = entry;
      return { taken, dropped, words };
    },
    { files, folder, link },
  );

test('files are dropped anywhere on the page, also onto the list; folders and links are refused', async () => {
  const { page } = ada;
  await page.goto(baseUrl);
  const waiting = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  const list = page.getByRole('navigation', { name: 'Chats' });
  const { taken, dropped, words } = await drop(list, { files: ['notes.txt', 'more.md'] });
  assert.deepEqual([taken, dropped], [true, true]);
  assert.match(words, /Drop files to attach them/);
  await waiting.nth(1).waitFor();
  assert.equal(await page.getByText('Drop files to attach them.').count(), 0);
  await drop(list, { folder: 'holidays' });
  await page.getByText('Can’t attach the folder holidays. Drop its files instead.').waitFor();
  const link = await drop(list, { link: 'https://example.org/' });
  assert.deepEqual([link.taken, link.dropped], [true, true]);
  await page.getByText('Only files can be dropped here.').waitFor();
  assert.equal((await drop(page.getByLabel('Your message'), { link: 'https://example.org/' })).taken, false, 'a field takes it as text');
  await becomes(() => waiting.count(), 2);
  await page.goto(`${baseUrl}#archive`);
  await page.getByRole('heading', { name: 'Archive' }).waitFor();
  await drop(page.getByRole('heading', { name: 'Archive' }), { files: ['third.txt'] });
  await waiting.nth(2).waitFor();
});

test('a real model suggests nothing by itself', async () => {
  const { page } = ada;
  const asked = page.waitForResponse('**/api/ai/config');
  await page.goto(baseUrl);
  await page.getByText(/^Good /).waitFor();
  assert.equal((await (await asked).json()).suggestions, undefined);
  assert.equal(await page.getByRole('list', { name: 'Suggestions' }).count(), 0);
});

test('the browser’s own search finds every message, also those that are not in sight', async () => {
  const { page } = ada;
  await page.getByRole('link', { name: 'New chat' }).first().click();
  for (let n = 0; n < 12; n++) {
    const script = await play(says(`Lantern number ${n}.\n\n${'A word or two.\n\n'.repeat(30)}`));
    await send(page, `Ask ${n} ${script.mark}`);
    await replyEnded(page);
  }
  const seen = () => page.evaluate(() => [...Array(12).keys()].filter((n) => document.querySelector('main').textContent.includes(`Lantern number ${n}.`)).length);
  await becomes(async () => (await seen()) < 12, true);
  const box = page.getByRole('region', { name: 'Chat', exact: true });
  const fromEnd = () => box.evaluate((element) => Math.round(element.scrollHeight - element.scrollTop - element.clientHeight));
  await becomes(fromEnd, 0);
  await page.keyboard.press('Control+f');
  await becomes(seen, 12);
  await rests(box);
  assert.equal(await fromEnd(), 0, 'and the reader stays where they are');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual([...ada.complaints, ...phone.complaints], []);
});
