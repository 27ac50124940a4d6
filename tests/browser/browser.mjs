// A real Chromium on a running instance (LAMPLIGHT_URL), and the steps that people take in the page.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright-core';
import { word } from './words.mjs';

export const baseUrl = new URL(`${process.env.LAMPLIGHT_URL ?? 'http://127.0.0.1:8080'}/`.replace(/\/+$/, '/')).href;
export const password = 'a lamp in the window';

const shotFolder = fileURLToPath(new URL('shots/', import.meta.url));
export const flags = [
  '--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

/** How long a page may take for anything. */
const patience = Number(process.env.PATIENCE_MS ?? 20_000);

/**
 * Waits until `look` finds this. A page needs a moment before it shows what it has received, and nobody knows how long, so no
 * test looks just once right after it.
 */
export async function becomes(look, wanted, message) {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (isDeepStrictEqual(found, wanted)) return;
    if (Date.now() > end) assert.deepEqual(found, wanted, message);
    await sleep(50);
  }
}

/** Repeats `step` until `done` returns true, for as long as a page may take. */
export async function until(done, step) {
  const end = Date.now() + 3 * patience;
  while (!(await done())) {
    assert.ok(Date.now() < end, `in vain: ${step}`);
    await step();
    await sleep(50);
  }
}

/** Waits until a scrolling element has come to rest: nothing in it has moved for twenty frames. */
export const rests = (box) =>
  box.evaluate(
    (element) =>
      new Promise((resolve) => {
        let last;
        let same = 0;
        const look = () => {
          const now = `${element.scrollTop} ${element.scrollHeight}`;
          same = now === last ? same + 1 : 0;
          last = now;
          if (same >= 20) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );

let visitors = 0;

/**
 * A person with a separate browser, who opens the page at `base`. `complaints` collects everything that the page must never
 * do.
 */
export async function newVisitor(browser, { base = baseUrl, ...options } = {}) {
  // Tests cannot hold up what passes a service worker, so only offline.test.mjs lets it work.
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, serviceWorkers: 'block', ...options });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(base).origin) complaints.push(`off-origin: ${request.url()}`);
  });
  const username = `ada-${process.pid}-${Date.now().toString(36)}-${visitors++}`;
  return { context, page, username, complaints, base };
}

export async function shot(page, name) {
  mkdirSync(shotFolder, { recursive: true });
  await page.screenshot({ path: `${shotFolder}${name}.png`, animations: 'disabled' });
}

export async function register({ page, username, base }) {
  await page.goto(base);
  await page.getByRole('button', { name: word('Create an account') }).click();
  await page.getByLabel(word('Username')).fill(username);
  await page.getByLabel(word('Password')).fill(password);
  await page.getByRole('button', { name: word('Create account') }).click();
  await composer(page).waitFor();
}

export async function logIn({ page, username }, secret = password) {
  await page.getByLabel(word('Username')).fill(username);
  await page.getByLabel(word('Password')).fill(secret);
  await page.getByRole('button', { name: word('Log in') }).click();
}

export const composer = (page) => page.getByLabel(word('Your message'));
export const replies = (page) => page.getByRole('article', { name: word('Reply') });
export const sessionRows = (page) => page.getByRole('navigation', { name: word('Chats') }).getByRole('listitem');

/**
 * Does what asks for a reply, and waits until the page has sent the request: from then on the page shows that it awaits a
 * reply. Before that, the previous reply looks like the last one that has ended, and would satisfy replyEnded().
 */
export async function asking(page, step) {
  await Promise.all([request(page), step()]);
}

/** `page` may be a frame of one. */
function request(page) {
  const whole = typeof page.page === 'function' ? page.page() : page;
  return whole.waitForRequest((one) => one.method() === 'POST' && new URL(one.url()).pathname.endsWith('/api/ai/chat'));
}

/** Sends a message and waits as asking() does, or until the page says why it has not asked. */
export async function send(page, text) {
  const refused = page.getByText(word('Not sent.')).or(page.getByRole('button', { name: word('Log in') })).last();
  await Promise.all([Promise.any([request(page), refused.waitFor()]), write(page, text)]);
}

/**
 * Sends a message that may have to wait for the end of a reply or for another tab: with Enter, or with the button on a touch
 * screen, where Enter breaks the line.
 */
export async function write(page, text) {
  await composer(page).fill(text);
  if (await page.evaluate(() => matchMedia('(pointer: coarse)').matches)) await page.getByRole('button', { name: word('Send'), exact: true }).click();
  else await composer(page).press('Enter');
}

/** Waits until the last reply has ended, so that people can ask for another one. */
export async function replyEnded(page) {
  await page.getByRole('button', { name: word('Send'), exact: true }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: word('Reply again'), disabled: false }).last().waitFor({ timeout: 60_000 });
}

export async function ask(page, text) {
  await send(page, text);
  await replyEnded(page);
}

/** The visible text of the conversation, as soon as the Markdown renderer has drawn it. */
export async function conversationText(page) {
  await page.waitForFunction(() => document.querySelector('.prose') !== null && document.querySelector('.plain-text') === null);
  // The page draws the messages around the visible ones when it has nothing else to do.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))));
  const texts = await page.getByRole('article').allInnerTexts();
  return texts.map((text) => text.replace(/^Thought for \d+ seconds?$/m, 'Thoughts')); // only the tab that saw it knows the time
}

export function sessionIdOf(page) {
  const match = /\/s\/(\d+)$/.exec(new URL(page.url()).pathname);
  assert.ok(match, `the address names a session: ${page.url()}`);
  return match[1];
}

export async function newSession(page) {
  const name = word('New chat');
  await page.getByRole('link', { name }).or(page.getByRole('button', { name })).first().click();
  await page.getByRole('article').first().waitFor({ state: 'detached' });
}
