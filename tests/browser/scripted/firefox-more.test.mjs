// More than the main journey, in Firefox as Debian ships it: stored files and messages, diagrams, tools, search,
// instructions, administration, choosing a model, printing, and the keyboard.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { Firefox } from '../../support/firefox.mjs';
import { lamplight } from '../../support/instance.mjs';
import { play } from '../../support/model.mjs';
import { baseUrl, password } from '../browser.mjs';
import { call, tokenOf } from '../seed.mjs';
import { callsTo, says, saysSlowly } from './scripts.mjs';

const shots = fileURLToPath(new URL('../shots/', import.meta.url));
const files = mkdtempSync(`${tmpdir()}/lamplight-files-`);
const username = `vix-${process.pid}-${Date.now().toString(36)}`;
let firefox;

before(async () => {
  mkdirSync(shots, { recursive: true });
  firefox = await Firefox.open();
  await call('POST', 'auth/register', undefined, { username, password });
  await firefox.goto(baseUrl);
  await focused('input');
  await firefox.press(username, 'Tab', password, 'Enter');
  await focused('#composer');
});
after(async () => {
  await firefox?.close();
  rmSync(files, { recursive: true });
  const token = await tokenOf({ username });
  for (const what of ['models', 'providers'])
    for (const { id, locked } of (await (await call('GET', `admin/${what}`, token)).json())[what]) if (!locked) await call('DELETE', `admin/${what}/${id}`, token);
});

const shows = (words) => firefox.until((wanted) => document.body.innerText.includes(wanted), words);
const shown = (selector) => firefox.until((wanted) => document.querySelector(wanted)?.checkVisibility() === true, selector);
const gone = (selector) => firefox.until((wanted) => document.querySelector(wanted) === null, selector);
const focused = (selector) => firefox.until((wanted) => document.activeElement?.matches(wanted) === true, selector);
const idle = () => firefox.until(() => document.querySelector('button[aria-label="Send"]') !== null && document.querySelector('article[aria-busy=true]') === null);
const newChat = async () => {
  await firefox.click('a', 'New chat');
  await gone('article');
};
const ask = async (text, ...scripts) => {
  const script = await play(...scripts);
  await focused('#composer');
  await firefox.press(`${text} ${script.mark}`, 'Enter');
  return script;
};
const answered = async (script) => {
  await script.called();
  await idle();
  return (await script.requests()).at(-1);
};

test('files are attached, are there after a reload, and are sent', async () => {
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  writeFileSync(`${files}/lamp.png`, Buffer.from(png, 'base64'));
  writeFileSync(`${files}/notes.txt`, 'what I noted');
  await firefox.pick('input[type=file]', `${files}/lamp.png`, `${files}/notes.txt`);
  await shows('notes.txt');
  await shows('lamp.png');
  await firefox.reload();
  await shows('notes.txt');
  const script = await ask('Look', says('A lamp.'));
  const asked = JSON.stringify(await answered(script));
  assert.ok(asked.includes(png), 'the model has the picture');
  assert.ok(asked.includes('what I noted'), 'and the text');
  await firefox.until(() => document.querySelector('article img[alt="lamp.png"]')?.naturalWidth === 1);
});

test('a message that could not be sent is there after a reload, and goes by itself, once', async () => {
  await newChat();
  const back = await firefox.cutOff(new URL('api/ai/chat', baseUrl).pathname);
  const script = await ask('Written in a tunnel', says('Here is light.'));
  await shows('Not sent.');
  await firefox.reload();
  await shows('Not sent.');
  await firefox.shot(`${shots}firefox-outbox.png`);
  await back();
  await firefox.evaluate(() => void window.dispatchEvent(new Event('online')));
  await shows('Here is light.');
  await idle();
  assert.equal((await script.log()).length, 1);
  assert.equal(await firefox.evaluate(() => document.querySelectorAll('article[aria-label=You]').length), 1);
});

test('a diagram is drawn, and opens in the viewer', async () => {
  await newChat();
  await ask('Draw', says('```mermaid\nflowchart LR\n  A[Visitor] --> B{Logged in?}\n  B --> C[(Database)]\n```\n'));
  await firefox.until(() => document.querySelector('[role=group][aria-label=Diagram] img')?.naturalWidth > 150);
  await firefox.shot(`${shots}firefox-diagram.png`);
  await firefox.click('[aria-label=Diagram] button', '');
  await shown('dialog[open] img');
  await firefox.press('Escape');
  await gone('dialog[open]');
});

test('a tool asks before it runs', async () => {
  await newChat();
  await ask('Danger', callsTo(['danger', { path: '/tmp/x' }]), says('Done as you said.'));
  await shows('needs your approval');
  await firefox.shot(`${shots}firefox-approval.png`);
  await firefox.click('button', 'Allow');
  await shows('Done as you said.');
  await idle();
});

test('a word is found, and marked in the message that is opened', async () => {
  await newChat();
  const script = await ask('Where is it?', says('It is **beside** the xylophone, on the left.'));
  await answered(script);
  await newChat();
  await firefox.chord('Control', 'k');
  await focused('search input');
  await firefox.press('xylophone');
  await firefox.click('nav[aria-label="Search results"] li li a', 'xylophone');
  await firefox.until(() => [...(CSS.highlights.get('found') ?? [])].some((range) => range.toString() === 'xylophone'));
  await firefox.click('button', 'Clear search');
});

test('instructions of a chat are written, and told to the model', async () => {
  await firefox.click('button', 'More for this chat');
  await firefox.click('[role=menuitem]', 'Instructions');
  await shown('dialog[open] textarea');
  await firefox.click('dialog[open] textarea', '');
  await firefox.press('Answer in verse.');
  await firefox.click('dialog[open] button', 'Save');
  await gone('dialog[open]');
  await firefox.click('#composer', '');
  const { messages } = await answered(await ask('And now?', says('In verse.')));
  assert.ok(messages.some(({ role, content }) => role === 'system' && JSON.stringify(content).includes('Answer in verse.')));
});

test('an administrator adds a provider and a model', async () => {
  lamplight('user', 'role', username, 'admin');
  await firefox.goto(`${baseUrl}#models`);
  await firefox.click('button', 'Add provider');
  await firefox.click('dialog[open] label', 'Name');
  await firefox.press('Lanterns');
  await firefox.click('dialog[open] label', 'Address');
  await firefox.press(process.env.LAMPLIGHT_LLM_BASE_URL);
  await firefox.click('dialog[open] label', 'API key');
  await firefox.press('sk-of-a-lantern');
  await firefox.click('dialog[open] button[type=submit]', 'Add');
  await gone('dialog[open]');
  await firefox.click('section button', 'Add model');
  await firefox.click('dialog[open] label', 'Model name at the provider');
  await firefox.press('lantern-2');
  await firefox.click('dialog[open] label', 'Display name');
  await firefox.press('Lantern Two');
  await firefox.click('dialog[open] button[type=submit]', 'Add');
  await gone('dialog[open]');
  await shows('Lantern Two');
  await firefox.shot(`${shots}firefox-models.png`);
});

test('dialogs of administrators, assistants and prompts: in sight as a whole, the focus in the right field, and Escape leads back', async () => {
  const token = await tokenOf({ username });
  await call('POST', 'ai/assistants', token, { name: 'Owl of Firefox', instructions: 'Be wise.' });
  await call('POST', 'ai/prompts', token, { name: 'of-firefox', text: 'Sum up {{topic}}.' });
  const dialogs = [
    ['models', 'More for Lanterns', 'Change', 'name'], ['models', 'More for Lanterns', 'Remove'], ['models', 'More for Lantern Two', 'Change', 'upstreamName'],
    ['models', 'More for Lantern Two', 'Test'], ['models', 'More for Lantern Two', 'Remove'], ['models', 'Add provider', null, 'name'],
    ['users', `More for ${username}`, 'Set a new password', 'password'], ['users', 'Add user', null, 'username'],
    ['assistants', 'More for Owl of Firefox', 'Edit', 'name'], ['assistants', 'More for Owl of Firefox', 'Delete'], ['assistants', 'Add assistant', null, 'name'],
    ['prompts', 'More for /of-firefox', 'Edit', 'name'], ['prompts', 'More for /of-firefox', 'Delete'],
  ];
  for (const width of [360, 1280]) {
    await firefox.resize(width, 740);
    let at = '';
    for (const [view, button, item, field] of dialogs) {
      if (at !== view) {
        await firefox.goto(`${baseUrl}#${view}`);
        await firefox.reload();
        at = view;
        // This instance has many users, and the list shows the first ones.
        if (view === 'users') {
          await firefox.click('main search input', '');
          await firefox.press(username);
          await firefox.until(() => document.querySelectorAll('main ul[aria-label=Users] > li').length === 1);
        }
      }
      await firefox.click('main button', button);
      if (item !== null) await firefox.click('[role=menuitem]', item);
      await focused(field === undefined ? 'dialog[open] *' : `dialog[open] [name=${field}]`);
      await firefox.shot(`${shots}firefox-${width}-${view}-${button.replace(/\W+/g, '-')}-${item}.png`);
      const sideways = () => [document.documentElement, document.querySelector('dialog[open]')].filter((box) => box.scrollWidth > box.clientWidth).map(({ tagName }) => tagName);
      assert.deepEqual(await firefox.evaluate(sideways), [], `${button}, ${item}, ${width} pixels`);
      await firefox.press('Escape');
      await gone('dialog[open]');
      await firefox.until((name) => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent) === name, button);
    }
  }
  await firefox.resize(1280, 860);
  const later = await tokenOf({ username }); // the instance's tokens are short-lived
  for (const what of ['assistants', 'prompts'])
    for (const { id } of (await (await call('GET', `ai/${what}`, later)).json())[what]) await call('DELETE', `ai/${what}/${id}`, later);
});

test('it is picked by keyboard, with options, and asked', async () => {
  await firefox.goto(baseUrl);
  await firefox.click('button', 'Model:');
  await focused('[role=listbox]');
  await firefox.press('l', 'Enter');
  await firefox.click('button', 'Model: Lantern Two');
  await firefox.press('Escape');
  await firefox.click('button', 'Model options');
  await focused('input[name=temperature]');
  await firefox.press('0.25', 'Enter');
  await gone('form input[name=temperature]');
  await firefox.click('#composer', '');
  const { model, temperature } = await answered(await ask('Who is there?', says('By lantern.')));
  assert.deepEqual({ model, temperature }, { model: 'lantern-2', temperature: 0.25 });
});

/** The number of pages of a PDF; the objects that state it may be compressed. */
function pagesOf(pdf) {
  const packed = [...pdf.toString('latin1').matchAll(/\/ObjStm[\s\S]*?stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, bytes]) => inflateSync(Buffer.from(bytes, 'latin1')).toString('latin1'));
  return [pdf.toString('latin1'), ...packed].join('\n').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

test('all of a long chat is printed', async () => {
  await newChat();
  await answered(await ask('Long', says(Array.from({ length: 120 }, (_, n) => `Paragraph ${n} of the text.`).join('\n\n'))));
  const pages = pagesOf(await firefox.print());
  assert.ok(pages >= 3, `${pages} pages`);
});

test('by keyboard: the last question is changed, a reply is stopped, chats are gone through, the list folds, the keys are told', async () => {
  await focused('#composer');
  await firefox.press('ArrowUp');
  await focused('article textarea');
  await firefox.press('Escape');
  await gone('article textarea');
  await firefox.click('#composer', '');
  const script = await ask('Stop me', saysSlowly('A beginning'));
  await shows('A beginning');
  await firefox.press('Escape');
  await shows('stopped');
  await script.open('1');
  const before = await firefox.evaluate(() => location.pathname);
  await firefox.chord('Alt', 'ArrowDown');
  await firefox.until((path) => location.pathname !== path, before);
  await firefox.chord('Alt', 'ArrowUp');
  await firefox.until((path) => location.pathname === path, before);
  await firefox.chord('Control', 'Shift', 'S');
  await shown('#unfold');
  await firefox.chord('Control', 'Shift', 'S');
  await shown('#fold');
  await firefox.chord('Control', '/');
  await shown('dialog[open]');
  await firefox.press('Escape');
  await firefox.chord('Control', 'Shift', 'O');
  await gone('article');
  await focused('#composer');
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(firefox.complaints, []);
});
