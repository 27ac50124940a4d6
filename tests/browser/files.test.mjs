// Images and files can be chosen, pasted and dropped; the page says before sending if one cannot be sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { becomes, composer, launch, newVisitor, register, replyEnded, shot } from './browser.mjs';

let browser;
let ada;

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const waiting = (page) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const pick = (page, files) => page.locator('input[type=file]').setInputFiles(files);

test('a picked image is shown, can be removed, is sent, and is there after a reload', async () => {
  const { page } = ada;
  await pick(page, [{ name: 'lamp.png', mimeType: 'image/png', buffer: png }, { name: 'notes.md', mimeType: '', buffer: Buffer.from('# Notes') }]);
  await waiting(page).nth(1).waitFor();
  await shot(page, 'attached');
  await page.getByRole('button', { name: 'Remove notes.md' }).click();
  await becomes(() => waiting(page).count(), 1);
  await composer(page).fill('What is in this picture?');
  const request = page.waitForRequest((each) => each.url().endsWith('/api/ai/chat'));
  await composer(page).press('Enter');
  const { messages } = (await request).postDataJSON();
  assert.deepEqual(messages.at(-1).parts.map(({ type, mediaType }) => [type, mediaType]), [['file', 'image/png'], ['text', undefined]]);
  await replyEnded(page);
  await becomes(() => waiting(page).count(), 0);
  await page.reload();
  await page.getByRole('img', { name: 'lamp.png' }).waitFor();
});

test('what cannot be sent is told at once', async () => {
  const { page } = ada;
  await pick(page, [{ name: 'film.mp4', mimeType: 'video/mp4', buffer: png }]);
  await page.getByText('Can’t attach film.mp4.').waitFor();
  await pick(page, [{ name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(13 * 1024 * 1024, 1) }]);
  await page.getByText(/^large\.png is too large/).waitFor();
  await becomes(() => waiting(page).count(), 0);
});

for (const way of ['paste', 'drop']) {
  test(`a file comes in by ${way}`, async () => {
    const { page } = ada;
    await composer(page).evaluate((field, [kind, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], `${kind}.png`, { type: 'image/png' }));
      const event = kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }) : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
      field.dispatchEvent(event);
    }, [way, [...png]]);
    await waiting(page).filter({ hasText: `${way}.png` }).waitFor();
    await page.getByRole('button', { name: `Remove ${way}.png` }).click();
  });
}

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
