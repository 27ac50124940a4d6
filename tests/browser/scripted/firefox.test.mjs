// The main journey in Firefox, as Debian ships it: an account, a reply that streams in, a new chat, back, a reload, a log-out
// and a log-in; formulas have their columns and their font there, too.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Firefox } from '../../support/firefox.mjs';
import { play } from '../../support/model.mjs';
import { baseUrl, password } from '../browser.mjs';
import { says, saysSlowly } from './scripts.mjs';

const shots = fileURLToPath(new URL('../shots/', import.meta.url));
const username = `fox-${process.pid}-${Date.now().toString(36)}`;
let firefox;

before(async () => {
  mkdirSync(shots, { recursive: true });
  firefox = await Firefox.open();
});
after(() => firefox?.close());

const shows = (words) => firefox.until((wanted) => document.body.innerText.includes(wanted), words);
const focused = (selector) => firefox.until((wanted) => document.activeElement?.matches(wanted) === true, selector);
const idle = () => firefox.until(() => document.querySelector('button[aria-label="Send"]') !== null && document.querySelector('article[aria-busy=true]') === null);
const ask = async (text) => {
  await focused('#composer');
  await firefox.press(text, 'Enter');
};

test('an account is opened', async () => {
  await firefox.goto(baseUrl);
  await firefox.click('button', 'Create an account');
  await shows('Create your account');
  await firefox.click('label', 'Username');
  await firefox.press(username, 'Tab', password, 'Enter');
  await focused('#composer');
});

test('a reply streams in', async () => {
  const script = await play(saysSlowly('The first half', ' and the **second**.'));
  await ask(`Hello ${script.mark}`);
  await shows('The first half');
  assert.equal(await firefox.evaluate(() => document.querySelector('button[aria-label="Stop"]') !== null), true);
  await script.open('1');
  await script.open('2');
  await shows('and the second.');
  await idle();
  assert.match(await firefox.evaluate(() => location.pathname), /\/s\/\d+$/);
});

test('a new chat; formulas have columns, brackets and their font', async () => {
  await firefox.click('a', 'New chat');
  const script = await play(says('$$A=\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}$$ and \\(\\frac{a}{b}\\), $\\mathbb{R}$.'));
  await ask(`Mathematics ${script.mark}`);
  await firefox.until(() => document.querySelectorAll('math').length === 3);
  await idle();
  await firefox.evaluate(() => document.fonts.ready.then(() => true));
  const { gap, font } = await firefox.evaluate(() => {
    const [first, second] = [...document.querySelectorAll('mtd')].map((cell) => cell.firstElementChild.getBoundingClientRect());
    return { gap: second.left - first.right, font: [...document.fonts].some(({ family, status }) => family.includes('Lamplight Math') && status === 'loaded') };
  });
  assert.ok(gap > 6, `the columns are ${gap} pixels apart`);
  assert.equal(font, true);
  await firefox.shot(`${shots}firefox-formulas.png`);
});

test('back to the first chat, and a reload', async () => {
  await firefox.click('nav [data-line]', 'Hello');
  await shows('and the second.');
  await firefox.reload();
  await shows('and the second.');
  assert.equal(await firefox.evaluate(() => document.querySelectorAll('nav [data-line]').length), 2);
  await firefox.shot(`${shots}firefox-chat.png`);
});

test('on a phone nothing is wider than the screen', async () => {
  await firefox.resize(390, 844);
  await firefox.until(() => document.querySelector('button[aria-label="Open the chat list"]') !== null);
  assert.equal(await firefox.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await firefox.shot(`${shots}firefox-phone.png`);
  await firefox.resize(1280, 860);
});

test('logged out, and in again', async () => {
  await firefox.click('button[aria-haspopup=menu]', username);
  await firefox.click('[role=menuitem]', 'Log out');
  await focused('input');
  await firefox.press(username, 'Tab', password, 'Enter');
  await focused('#composer');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(firefox.complaints, []);
});
