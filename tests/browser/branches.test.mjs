// Editing a question, asking for another reply and continuing one: nothing is lost, and the reader can go back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, becomes, launch, newVisitor, register, replies, replyEnded, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const version = (page, number, count) => page.getByRole('group', { name: `Version ${number} of ${count}` });

test('an edited message is a branch beside the first one, and both can be shown', async () => {
  const { page } = ada;
  await ask(page, 'Show me some markdown');
  const edit = page.getByRole('button', { name: 'Edit message' });
  await edit.focus();
  await edit.press('Enter');
  const field = page.getByRole('textbox', { name: 'Edit message' });
  await field.fill('Show me a table');
  await field.press('Enter');
  await version(page, 2, 2).waitFor({ timeout: 60_000 });
  await page.getByRole('article').getByText('Mercury').waitFor();
  await shot(page, 'branch');
  await page.getByRole('button', { name: 'Previous version' }).click();
  await version(page, 1, 2).waitFor();
  await page.getByRole('article').getByText('A lamp lights what is near it.').waitFor();
  await page.reload();
  await version(page, 1, 2).waitFor();
});

test('Escape leaves a message as it was', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Edit message' }).click();
  await page.getByRole('textbox', { name: 'Edit message' }).press('Escape');
  await page.getByRole('article', { name: 'You' }).getByText('Show me some markdown').waitFor();
});

test('a stopped reply keeps its text, and goes on where it ended', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'Reply again' }).click();
  await replies(page).last().getByText('demo model').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  const kept = (await replies(page).last().locator('.prose').innerText()).trim();
  assert.ok(kept.length > 0);
  await shot(page, 'stopped');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await replyEnded(page);
  assert.ok((await replies(page).last().innerText()).includes(kept.slice(0, 20)));
  await becomes(() => replies(page).count(), 1);
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
