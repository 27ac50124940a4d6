// Without a mouse, and without eyes: people can reach and do everything with the keyboard, the focus is never lost, and a
// screen reader announces in sentences what happens.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { baseUrl, becomes, composer, launch, newVisitor, password, replies, replyEnded, sessionRows } from '../browser.mjs';
import { seedSessions, tokenOf } from '../seed.mjs';
import { callsTo, says, saysSlowly } from './scripts.mjs';

let browser;
let ada;
let page;
let keyboard;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  keyboard = page.keyboard;
  await page.goto(baseUrl);
});
after(() => browser.close());

const focused = (locator) => locator.and(page.locator(':focus')).waitFor();
const focusIsSomewhere = () => page.waitForFunction(() => document.activeElement !== null && document.activeElement !== document.body);

/** Presses Tab until this element has the focus; fails if Tab cannot reach it. */
async function tabTo(locator, key = 'Tab') {
  for (let steps = 0; steps < 60; steps++) {
    if (await locator.and(page.locator(':focus')).count()) return;
    await keyboard.press(key);
  }
  assert.fail(`${key} does not reach ${locator}`);
}

test('an account is opened', async () => {
  await focused(page.getByLabel('Username'));
  await tabTo(page.getByRole('button', { name: 'Create an account' }));
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Create your account' }).waitFor();
  await tabTo(page.getByLabel('Username'), 'Shift+Tab');
  await keyboard.type(ada.username);
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await focused(composer(page));
});

/** Fills window.told with each line that is added for screen readers. */
const recordAnnouncements = () =>
  page.evaluate(() => {
    window.told = [];
    const added = (changes) => changes.flatMap(({ addedNodes }) => Array.from(addedNodes, (line) => line.textContent));
    new MutationObserver((changes) => window.told.push(...added(changes))).observe(document.querySelector('main [role=status]'), { childList: true });
  });

test('a message is written in two lines and sent; the reply is announced in sentences, each once', async () => {
  const script = await play(saysSlowly('The first sentence is', ' whole now. And the sec', 'ond, too. This one is'));
  await recordAnnouncements();
  await keyboard.type('The first line');
  await keyboard.press('Shift+Enter');
  await keyboard.type(`the second ${script.mark}`);
  assert.match(await composer(page).inputValue(), /^The first line\nthe second/);
  await keyboard.press('Enter');
  const told = (count) => page.waitForFunction((least) => window.told.length >= least, count);
  await replies(page).last().getByText('The first sentence is').waitFor();
  await script.open('1');
  await told(2);
  await script.open('2');
  await told(3);
  await script.open('3');
  await replyEnded(page);
  await told(4);
  assert.deepEqual(await page.evaluate(() => window.told), ['Reply started.', 'The first sentence is whole now.', 'And the second, too.', 'This one is Reply finished.']);
  await focused(composer(page));
});

test('what was being written is gone on with at its end, also after a reload', async () => {
  await keyboard.type('Half a');
  await page.reload();
  await focused(composer(page));
  await keyboard.type(' sentence');
  await becomes(() => composer(page).inputValue(), 'Half a sentence');
  await composer(page).fill('');
});

test('a composition never sends', async () => {
  const cdp = await ada.context.newCDPSession(page);
  await replies(page).first().waitFor(); // the page has just been reloaded
  const before = await replies(page).count();
  await cdp.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
  await becomes(() => composer(page).inputValue(), 'にほん');
  // As an input method sends it: the key that ends the composition does not count as Enter.
  await composer(page).evaluate((field) => {
    for (const init of [{ isComposing: true, keyCode: 13 }, { isComposing: false, keyCode: 229 }]) {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }));
    }
  });
  await cdp.send('Input.insertText', { text: '日本' });
  await becomes(() => composer(page).inputValue(), '日本');
  await becomes(() => replies(page).count(), before);
  await composer(page).fill('');
});

test('a reply is copied, and asked for again', async () => {
  await tabTo(page.getByRole('button', { name: 'Copy reply' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await focusIsSomewhere();
  await tabTo(page.getByRole('button', { name: 'Edit message' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await focused(page.getByRole('textbox', { name: 'Edit message' }));
  await keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Edit message' }).waitFor({ state: 'detached' });
  await focused(page.getByRole('button', { name: 'Edit message' }));
});

test('a session is renamed, pinned, deleted and brought back, and the focus stays with it', async () => {
  const more = () => sessionRows(page).first().getByRole('button', { name: /^More for/ });
  const choose = async (item) => {
    await tabTo(more(), 'Shift+Tab');
    await keyboard.press('Enter');
    await page.getByRole('menuitem').first().waitFor();
    await keyboard.type(item); // a menu moves to the item whose name is typed
    await focused(page.getByRole('menuitem', { name: item, exact: true }));
    await keyboard.press('Enter');
    await page.getByRole('menu').waitFor({ state: 'detached' });
  };
  await choose('Rename');
  await focused(page.getByLabel('Chat title'));
  await keyboard.press('Control+a');
  await keyboard.type('Another name');
  await keyboard.press('Enter');
  await sessionRows(page).getByText('Another name').waitFor();
  await focusIsSomewhere();
  await choose('Pin');
  await page.getByRole('region', { name: 'Pinned' }).getByRole('listitem').waitFor();
  await focusIsSomewhere();
  await choose('Delete');
  await page.getByText('was deleted').waitFor();
  await focusIsSomewhere();
  await keyboard.press('Alt+t'); // the key of sonner itself
  await tabTo(page.getByRole('button', { name: 'Undo' }));
  await keyboard.press('Enter');
  await sessionRows(page).getByText('Another name').waitFor();
  await focusIsSomewhere();
});

test('a session is found and opened', async () => {
  await keyboard.press('Control+Shift+O');
  await focused(composer(page));
  const script = await play(says('Something else.'));
  await keyboard.type(`A second session ${script.mark}`);
  await keyboard.press('Enter');
  await replyEnded(page);
  await keyboard.press('Control+k');
  await keyboard.type('another name');
  const hits = page.getByRole('navigation', { name: 'Search results' }).getByRole('listitem');
  await hits.first().waitFor();
  await tabTo(hits.first().getByRole('link'));
  await keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Another name' }).waitFor();
  await focusIsSomewhere();
});

const saidNow = () => page.locator('main [role=status]').innerText();
const said = (words) => page.waitForFunction((wanted) => document.querySelector('main [role=status]')?.textContent.includes(wanted), words);

test('a reply is stopped, and a tool allowed; both are announced', async () => {
  await page.keyboard.press('Shift+Escape');
  await focused(composer(page));
  const slow = await play(saysSlowly('Something that ', 'goes on.'));
  await keyboard.type(`A question ${slow.mark}`);
  await keyboard.press('Enter');
  await replies(page).last().getByText('Something that').waitFor();
  await keyboard.press('Escape');
  await said('Reply stopped.');
  await replyEnded(page);
  const asks = await play(callsTo(['danger', { path: '/tmp/x' }]), says('As you like.'));
  await focused(composer(page));
  await keyboard.type(`A question ${asks.mark}`);
  await keyboard.press('Enter');
  await said('danger needs your approval.');
  await tabTo(page.getByRole('button', { name: 'Allow' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await replies(page).last().getByText('As you like.').waitFor();
  await said('Reply finished.');
  assert.doesNotMatch(await saidNow(), /[*`$\\]/);
  await focusIsSomewhere();
});

test('a reply is spoken as words: no signs of Markdown, no addresses, no source of code and formulas', async () => {
  const script = await play(saysSlowly('## Of **lamps**\n\nA `lamp` is [lit](https://example.org/lit) if $x^2 > 1$. ', '\n\n- one is ~~not~~ enough.\n\n```js\nconst secret = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nThat is _all_.'));
  await recordAnnouncements();
  await keyboard.press('Shift+Escape');
  await focused(composer(page));
  await keyboard.type(`Tell me of lamps ${script.mark}`);
  await keyboard.press('Enter');
  await said('Of lamps');
  await script.open('1');
  await script.open('2');
  await said('Reply finished.');
  const told = (await page.evaluate(() => window.told)).join(' ');
  for (const words of [/Of lamps/, /A lamp is lit if/, /one is not enough\./, /That is all\./]) assert.match(told, words);
  assert.doesNotMatch(told, /[*`$|\\#~_<>]|https?:|\]\(|secret|x\^2/);
});

test('what was told of a reply is not there any more in another chat', async () => {
  await said('Reply finished.');
  await keyboard.press('Control+Shift+O');
  await page.getByRole('heading', { level: 1, name: 'New chat' }).waitFor();
  await becomes(saidNow, '');
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: 'Another name' }).waitFor();
  await replies(page).last().getByText('one is not enough').waitFor();
  await becomes(saidNow, '');
});

test('what could not be sent is announced, edited, sent again and thrown away', async () => {
  await ada.context.route('**/api/ai/chat', (route) => (route.request().method() === 'POST' ? route.abort('connectionrefused') : route.fallback()));
  const unsent = page.getByRole('article', { name: 'You' }).filter({ hasText: 'Not sent.' });
  await focused(composer(page));
  await keyboard.type('Words in a tunnel');
  await keyboard.press('Enter');
  await unsent.getByRole('alert').waitFor();
  await tabTo(unsent.getByRole('button', { name: 'Edit' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await focused(composer(page));
  await unsent.waitFor({ state: 'detached' });
  await becomes(() => composer(page).inputValue(), 'Words in a tunnel');
  await keyboard.press('Enter');
  await unsent.getByRole('alert').waitFor();
  await tabTo(unsent.getByRole('button', { name: 'Discard' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await unsent.waitFor({ state: 'detached' });
  await focused(composer(page));
  await keyboard.type('Words at the end of it');
  await keyboard.press('Enter');
  await unsent.getByRole('alert').waitFor();
  await ada.context.unroute('**/api/ai/chat');
  await tabTo(unsent.getByRole('button', { name: 'Try again' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await focused(composer(page));
  await replies(page).last().getByText('You said: Words at the end of it').waitFor();
  await replyEnded(page);
});

test('the shortcuts are shown, and the focus comes back from them', async () => {
  await page.evaluate(() => document.activeElement.blur());
  await keyboard.press('Control+/');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.waitFor();
  await keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await keyboard.press('Shift+Escape');
  await focused(composer(page));
});

test('a list of many chats is one stop of the Tab key; a link leads past it', async () => {
  await seedSessions(await tokenOf(ada), 25);
  await page.reload();
  await sessionRows(page).nth(20).waitFor();
  await page.keyboard.press('Control+Shift+O');
  await focused(composer(page));
  await page.evaluate(() => document.activeElement.blur());
  let presses = 0;
  do {
    await keyboard.press('Tab');
    presses++;
  } while (!(await composer(page).and(page.locator(':focus')).count()) && presses < 60);
  assert.ok(presses <= 15, `${presses} presses of Tab to the composer`);
  await page.evaluate(() => document.activeElement.blur());
  await page.locator('body').press('Tab');
  // After the last element, the focus may move to the browser's own controls.
  if (await page.evaluate(() => document.activeElement === document.body)) await keyboard.press('Tab');
  if (await page.getByRole('link', { name: 'Skip to content' }).and(page.locator(':focus')).count()) {
    await keyboard.press('Enter');
    await focused(composer(page));
  } else assert.fail('the first stop is the link to the content');
  await tabTo(sessionRows(page).locator('[data-line][tabindex="0"]'), 'Shift+Tab');
  const line = (n) => sessionRows(page).nth(n).locator('[data-line]');
  await keyboard.press('Home');
  await focused(line(0));
  await keyboard.press('ArrowDown');
  await focused(line(1));
  await keyboard.press('Tab');
  await focused(sessionRows(page).nth(1).getByRole('button', { name: /^More for/ }));
  await keyboard.press('Shift+Tab');
  await focused(line(1));
  await keyboard.press('Enter');
  await focusIsSomewhere();
});

test('the settings, the account page and the way back', async () => {
  await tabTo(page.getByRole('button', { name: /^Account and settings/ }));
  await keyboard.press('Enter');
  await page.getByRole('menuitem').first().waitFor();
  await keyboard.press('Enter');
  await focused(page.getByRole('heading', { level: 1, name: 'Account' }));
  await tabTo(page.getByRole('button', { name: 'Back to the chat' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await composer(page).waitFor();
  await focusIsSomewhere();
});

test('one logs out, and in again', async () => {
  await tabTo(page.getByRole('button', { name: /^Account and settings/ }));
  await keyboard.press('Enter');
  await page.getByRole('menuitem').first().waitFor();
  await keyboard.type('Log out');
  await focused(page.getByRole('menuitem', { name: 'Log out' }));
  await keyboard.press('Enter');
  await focused(page.getByLabel('Username'));
  await keyboard.type(ada.username);
  await keyboard.press('Tab');
  await keyboard.type(password);
  await keyboard.press('Enter');
  await composer(page).waitFor();
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
