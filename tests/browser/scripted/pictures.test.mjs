// Looking at, copying and saving: pictures and diagrams in the viewer, code, tables.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { becomes, composer, launch, newSession, newVisitor, register, replies, replyEnded, send, shot } from '../browser.mjs';
import { says } from './scripts.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});
after(() => browser.close());

const button = (page, name) => page.getByRole('button', { name, exact: true });
const viewer = (page) => page.locator('dialog:modal');

async function answer(page, text) {
  await newSession(page);
  const script = await play(says(text));
  await send(page, `Show it ${script.mark}`);
  await page.locator('.prose').first().waitFor();
  await replyEnded(page);
}

/** The name and the content of what a click saves. */
async function kept(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

const scaleOf = (page) => viewer(page).locator('img').evaluate((image) => new DOMMatrix(getComputedStyle(image).transform).a);
const placeOf = (page) => viewer(page).locator('img').evaluate((image) => image.getBoundingClientRect().toJSON());
/** The enlarged picture grows for a moment. */
async function placeAtRest(page) {
  for (let last = ''; ; ) {
    const place = await placeOf(page);
    if (JSON.stringify(place) === last) return place;
    last = JSON.stringify(place);
    await sleep(100);
  }
}
const percent = (page, text) => viewer(page).locator('output').getByText(text, { exact: true }).waitFor();

const diagram = '```mermaid\nflowchart TB\n  A[Visitor] -->|asks| B{Logged in?}\n  B -- yes --> C[(Database)]\n  B -- no --> D([Log in])\n```';

test('a diagram is looked at by itself: by keyboard alone, and the focus comes back', async () => {
  const { page } = ada;
  await answer(page, `${diagram}\n\nThat was all.`);
  const picture = page.getByRole('group', { name: 'Diagram' }).getByRole('button');
  await picture.focus();
  await page.keyboard.press('Enter');
  await viewer(page).getByRole('img').waitFor();
  await percent(page, '100%');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'viewer');
  await page.keyboard.press('+');
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('dialog:modal img')).transform).a > 1.2);
  const before = await placeAtRest(page);
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction((x) => document.querySelector('dialog:modal img').getBoundingClientRect().x > x + 20, before.x);
  await page.keyboard.press('0');
  await percent(page, '100%');
  await page.keyboard.press('Escape');
  await viewer(page).waitFor({ state: 'detached' });
  assert.ok(await picture.evaluate((element) => document.activeElement === element), 'the focus is where it was');
});

test('by mouse: the wheel enlarges where it points, a drag moves, a double click and the buttons do their part', async () => {
  const { page } = ada;
  await page.getByRole('group', { name: 'Diagram' }).getByRole('button').click();
  await percent(page, '100%');
  await page.mouse.move(400, 400);
  await page.mouse.wheel(0, -400);
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('dialog:modal img')).transform).a > 1.1);
  const before = await placeOf(page);
  await page.mouse.down();
  await page.mouse.move(500, 450, { steps: 5 });
  await page.mouse.up();
  const moved = await placeOf(page);
  assert.ok(Math.abs(moved.x - before.x - 100) < 10 && Math.abs(moved.y - before.y - 50) < 10, `${JSON.stringify(before)} ${JSON.stringify(moved)}`);
  await viewer(page).waitFor(); // a drag is not a click beside the picture
  await button(page, 'Fit to window').click();
  await percent(page, '100%');
  await page.mouse.dblclick(600, 400);
  await percent(page, '250%');
  await button(page, 'Zoom out').click();
  await page.waitForFunction(() => new DOMMatrix(getComputedStyle(document.querySelector('dialog:modal img')).transform).a < 2.4);
  await button(page, 'Close').click();
  await viewer(page).waitFor({ state: 'detached' });
});

test('a diagram is kept as SVG and as PNG, on the ground of the page', async () => {
  const { page } = ada;
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForFunction(() => decodeURIComponent(document.querySelector('article img')?.src ?? '').includes('#3a2d1b'));
  await page.getByRole('group', { name: 'Diagram' }).getByRole('button').click();
  const svg = await kept(page, () => viewer(page).getByText('SVG', { exact: true }).click());
  assert.equal(svg.name, 'diagram.svg');
  assert.match(svg.content.toString(), /^<svg[^>]*><rect [^>]*fill="rgb\(25, 23, 21\)"/);
  const png = await kept(page, () => viewer(page).getByText('PNG', { exact: true }).click());
  assert.equal(png.name, 'diagram.png');
  assert.equal(png.content.subarray(1, 4).toString(), 'PNG');
  const [width, height] = [png.content.readUInt32BE(16), png.content.readUInt32BE(20)];
  assert.ok(width > 200 && height > 200);
  const colours = await page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type: 'image/png' }));
    const pen = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    pen.drawImage(bitmap, 0, 0);
    const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    return [[...data.subarray(0, 4)], new Set(Array.from({ length: data.length / 4 }, (_, n) => data.subarray(n * 4, n * 4 + 3).join())).size];
  }, [...png.content]);
  assert.deepEqual(colours[0], [25, 23, 21, 255]);
  assert.ok(colours[1] > 5, 'something is drawn on it');
  await shot(page, 'viewer-dark');
  await page.keyboard.press('Escape');
  await page.emulateMedia({ colorScheme: 'light' });
});

async function pictures(page, n) {
  const files = await page.evaluate(async (count) => {
    const made = [];
    for (let each = 0; each < count; each++) {
      const canvas = new OffscreenCanvas(400 + each * 200, 300);
      const pen = canvas.getContext('2d');
      pen.fillStyle = ['#a65a07', '#1f5a96', '#35651f'][each];
      pen.fillRect(0, 0, canvas.width, canvas.height);
      made.push([...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]);
    }
    return made;
  }, n);
  return files.map((bytes, each) => ({ name: `picture-${each + 1}.png`, mimeType: 'image/png', buffer: Buffer.from(bytes) }));
}

test('the pictures of a message are a row; the viewer turns from one to the next', async () => {
  const { page } = ada;
  await newSession(page);
  await page.locator('input[type=file]').setInputFiles(await pictures(page, 3));
  await page.getByRole('list', { name: 'Attached files' }).getByRole('listitem').nth(2).waitFor();
  const script = await play(says('Three of them.'));
  await send(page, `What are these? ${script.mark}`);
  await replies(page).last().getByText('Three of them.').waitFor();
  await replyEnded(page);
  const row = page.getByRole('article', { name: 'You' }).getByRole('button').filter({ has: page.getByRole('img') });
  await becomes(() => row.count(), 3);
  const boxes = await row.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().toJSON()));
  assert.equal(new Set(boxes.map(({ y }) => y)).size, 1, 'in one row');
  assert.equal(new Set(boxes.map(({ width, height }) => `${width}x${height}`)).size, 1, 'of one size');
  await shot(page, 'thumbnails');
  await row.nth(1).click();
  await viewer(page).getByRole('img', { name: 'picture-2.png' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await viewer(page).getByRole('img', { name: 'picture-3.png' }).waitFor();
  await button(page, 'Next picture').click();
  await viewer(page).getByRole('img', { name: 'picture-1.png' }).waitFor();
  const file = await kept(page, () => button(page, 'Download').click());
  assert.equal(file.name, 'picture-1.png');
  await page.keyboard.press('Escape');
  await viewer(page).waitFor({ state: 'detached' });
  assert.ok(await row.nth(1).evaluate((element) => document.activeElement === element));
  await page.emulateMedia({ media: 'print' });
  const printed = await row.getByRole('img').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().width > 40));
  assert.deepEqual(printed, [true, true, true], 'they are on paper, too');
  assert.equal(await button(page, 'Copy reply').isVisible(), false);
  await page.emulateMedia({ media: 'screen' });
});

test('two fingers enlarge, one moves', async () => {
  const phone = await newVisitor(browser, { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  const { page, complaints } = phone;
  await register(phone);
  await page.locator('input[type=file]').setInputFiles(await pictures(page, 1));
  await page.getByRole('list', { name: 'Attached files' }).getByRole('listitem').waitFor();
  const script = await play(says('One.'));
  await send(page, `What is this? ${script.mark}`);
  await replyEnded(page);
  await page.getByRole('article', { name: 'You' }).getByRole('button').filter({ has: page.getByRole('img') }).tap();
  await percent(page, '100%');
  const cdp = await phone.context.newCDPSession(page);
  const touch = (type, ...points) => cdp.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await touch('touchStart', [150, 400], [240, 400]);
  for (let by = 10; by <= 60; by += 10) await touch('touchMove', [150 - by, 400], [240 + by, 400]);
  await touch('touchEnd');
  assert.ok((await scaleOf(page)) > 1.3, `enlarged to ${await scaleOf(page)}`);
  const before = await placeOf(page);
  await touch('touchStart', [200, 400]);
  for (let by = 10; by <= 60; by += 10) await touch('touchMove', [200 + by, 400]);
  await touch('touchEnd');
  const moved = await placeOf(page);
  assert.ok(moved.x > before.x + 30, 'moved');
  await shot(page, 'viewer-phone');
  await button(page, 'Close').tap();
  assert.deepEqual(complaints, []);
  await phone.context.close();
});

test('a text that was sent as a file can be read', async () => {
  const { page } = ada;
  await newSession(page);
  await page.locator('input[type=file]').setInputFiles([{ name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from('# 标题\n\nمرحبا\n') }]);
  await page.getByRole('list', { name: 'Attached files' }).getByRole('listitem').waitFor();
  const script = await play(says('Read.'));
  await send(page, `Read it ${script.mark}`);
  await replyEnded(page);
  await button(page, 'notes.md').click();
  assert.equal(await viewer(page).locator('pre').textContent(), '# 标题\n\nمرحبا\n');
  await page.keyboard.press('Escape');
});

test('code is wrapped, and kept under a sensible name', async () => {
  const { page } = ada;
  const line = `const words = [${'"some words", '.repeat(30)}];`;
  await answer(page, `\`\`\`js\n// src/words.js\n${line}\n\`\`\`\n\nand\n\n\`\`\`python\nprint(1)\n\`\`\``);
  const block = page.locator('.code').first();
  const overflows = () => block.locator('pre').evaluate((element) => element.scrollWidth > element.clientWidth);
  assert.equal(await overflows(), true);
  await block.getByRole('button', { name: 'Wrap long lines' }).click();
  assert.equal(await overflows(), false);
  await becomes(() => block.getByRole('button', { name: 'Wrap long lines' }).getAttribute('aria-pressed'), 'true');
  await shot(page, 'wrapped');
  const file = await kept(page, () => block.getByRole('button', { name: 'Download code' }).click());
  assert.equal(file.name, 'words.js');
  assert.equal(file.content.toString().trimEnd(), `// src/words.js\n${line}`);
  assert.equal(await page.locator('.code').nth(1).getByRole('button', { name: 'Wrap long lines' }).count(), 0);
  assert.equal((await kept(page, () => page.locator('.code').nth(1).getByRole('button', { name: 'Download code' }).click())).name, 'code.py');
});

test('a table is copied as Markdown, as CSV and for a spreadsheet, with and without TLS', async () => {
  const { page } = ada;
  const table = '| Name | Note |\n| --- | ---: |\n| **a** | =HYPERLINK("https://evil.example") |\n| 名前 | -5 |';
  await answer(page, `${table}\n\nThat was all.`);
  await page.locator('.table-frame').hover();
  await shot(page, 'table-tools');
  const clipboard = () =>
    page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      return Object.fromEntries(await Promise.all(item.types.map(async (type) => [type, await (await item.getType(type)).text()])));
    });
  const copied = async (name) => {
    await button(page, name).click();
    await button(page, 'Copied').waitFor();
    await button(page, name).waitFor();
    const found = await clipboard();
    await page.evaluate(() => navigator.clipboard.writeText(''));
    return found;
  };
  for (const secure of [true, false]) {
    await page.evaluate((is) => Object.defineProperty(window, 'isSecureContext', { value: is, configurable: true }), secure);
    assert.equal((await copied('Copy table as Markdown'))['text/plain'], `${table}\n`);
    assert.equal((await copied('Copy table as CSV'))['text/plain'].replaceAll('\r', ''), 'Name,Note\na,"\'=HYPERLINK(""https://evil.example"")"\n名前,-5\n');
    const sheet = await copied('Copy table for a spreadsheet');
    assert.equal(sheet['text/plain'], 'Name\tNote\na\t\'=HYPERLINK("https://evil.example")\n名前\t-5');
    assert.match(sheet['text/html'], /<th>Name<\/th>[^]*<td>'=HYPERLINK\(.*<td>名前<\/td><td>-5<\/td>/);
  }
});

test('the page raised no error, asked no other site and kept to its policy', async () => {
  await becomes(() => composer(ada.page).count(), 1);
  assert.deepEqual(ada.complaints, []);
});
