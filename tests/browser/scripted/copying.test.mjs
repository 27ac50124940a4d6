// A copied reply keeps its form when it is pasted into a document, and is Markdown where only plain text is accepted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { asking, becomes, composer, conversationText, launch, newVisitor, register, replies, replyEnded, send } from '../browser.mjs';
import { saysSlowly, thinks } from './scripts.mjs';

const markdown = [
  '# Title\n\nSome **bold** & *slanted* `<b>`, ~~gone~~, [a link](https://example.org/?a=1&b=2), $x^2$.\n\n',
  '3. three\n4. four\n   - inside\n\n- [x] done\n\n> said\n\n',
  '| planet | moons |\n|---|---:|\n| Earth | 1 |\n\n```js\nconst a = 1 < 2;\n```\n\nمرحبا بالعالم\n',
];
let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await register(ada);
});
after(() => browser.close());

const clipboard = (page, type) =>
  page.evaluate(async (type) => {
    const [item] = await navigator.clipboard.read();
    return item.types.includes(type) ? (await item.getType(type)).text() : null;
  }, type);

test('a copied reply is on the clipboard as text and as HTML', async () => {
  const { page } = ada;
  const script = await play(thinks('My own thoughts.', ...markdown));
  await send(page, `Form ${script.mark}`);
  await script.open('thought');
  await replyEnded(page);
  await conversationText(page);
  await page.locator('article math').waitFor();
  await replies(page).last().getByRole('button', { name: 'Copy reply' }).click();
  await becomes(() => clipboard(page, 'text/plain'), markdown.join(''));
  const html = await clipboard(page, 'text/html');
  const shape = await page.evaluate((html) => {
    const { body } = new DOMParser().parseFromString(html, 'text/html');
    const texts = (selector) => [...body.querySelectorAll(selector)].map((each) => each.textContent);
    return {
      heading: texts('h2'), bold: texts('strong'), slanted: texts('em'), gone: texts('del'), code: texts('p > code'), quote: texts('blockquote').map((text) => text.trim()),
      link: body.querySelector('a').href, start: body.querySelector('ol').start, nested: texts('ol ul li'), cells: texts('td'), block: texts('pre').map((text) => text.trim()),
      formulas: body.querySelectorAll('math').length, rtl: body.querySelector('p[dir=rtl]')?.textContent, others: texts('button, svg, details'), classes: body.querySelectorAll('[class]:not(math *)').length,
      thoughts: body.textContent.includes('My own thoughts'), done: body.textContent.includes('☑ done'),
    };
  }, html);
  assert.deepEqual(shape, {
    heading: ['Title'], bold: ['bold'], slanted: ['slanted'], gone: ['gone'], code: ['<b>'], quote: ['said'],
    link: 'https://example.org/?a=1&b=2', start: 3, nested: ['inside'], cells: ['Earth', '1'], block: ['const a = 1 < 2;'],
    formulas: 1, rtl: 'مرحبا بالعالم', others: [], classes: 0, thoughts: false, done: true,
  });
});

test('what is selected with a mouse is what the reply says, and none of the page’s own words', async () => {
  const { page } = ada;
  await page.locator('article').first().evaluate((first) => {
    const range = document.createRange();
    range.setStartBefore(first);
    range.setEndAfter([...document.querySelectorAll('article')].at(-1));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  });
  await page.keyboard.press('Control+c');
  await becomes(() => clipboard(page, 'text/plain').then((text) => text.includes('const a = 1 < 2;')), true);
  const text = await clipboard(page, 'text/plain');
  for (const own of ['CSV', 'Markdown', 'test-model', 'token', 'Reply', 'You']) assert.ok(!text.includes(own), own);
  assert.ok(!/^js$/m.test(text), 'the language of the code');
  for (const said of ['planet', 'Earth', 'three', 'مرحبا بالعالم']) assert.ok(text.includes(said), said);
});

test('what is selected while a reply comes in stays selected when it ends, and where one writes has the focus', async () => {
  const { page } = ada;
  const script = await play(saysSlowly('The first paragraph.\n\n', 'The second.\n\n', 'The third.'));
  await composer(page).fill(`Slowly ${script.mark}`);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const focus = () => page.evaluate(() => document.activeElement?.id);
  await becomes(focus, 'composer');
  const first = page.locator('.prose p').filter({ hasText: 'The first paragraph.' });
  await first.waitFor();
  await first.evaluate((element) => getSelection().selectAllChildren(element));
  for (const gate of ['1', '2', '3']) await script.open(gate);
  await replyEnded(page);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(await page.evaluate(() => getSelection().toString().trim()), 'The first paragraph.');

  // Another selection replaces the first one; pressing the button removes the first one.
  const { x, y, height } = await page.locator('.prose p').filter({ hasText: 'The second.' }).evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return range.getBoundingClientRect().toJSON();
  });
  await page.mouse.move(x + 1, y + height / 2);
  await page.mouse.down();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.mouse.move(x + 400, y + height / 2, { steps: 5 });
  await page.mouse.up();
  assert.equal(await page.evaluate(() => getSelection().toString().trim()), 'The second.');
  await page.evaluate(() => getSelection().removeAllRanges());
  await conversationText(page);

  const other = await play(saysSlowly('One more.', 'Never.'));
  await send(page, `Stopped ${other.mark}`);
  await page.locator('.prose p').filter({ hasText: 'One more.' }).waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  await becomes(focus, 'composer');
  await page.getByRole('button', { name: 'Copy reply' }).last().focus();
  await asking(page, () => page.getByRole('button', { name: 'Reply again' }).last().click());
  await becomes(focus, 'composer');
});

test('the page raised no error, asked no other site and kept to its policy', () => assert.deepEqual(ada.complaints, []));
