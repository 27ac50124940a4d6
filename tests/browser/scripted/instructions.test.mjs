// A user's instructions for the model: written on the account page and in a chat's menu, sent to the model, shown in the bar.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { violations } from '../access.mjs';
import { becomes, launch, newVisitor, register, replyEnded, send, shot } from '../browser.mjs';
import { says } from './scripts.mjs';

let browser, ada, page;
before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  page = ada.page;
  await register(ada);
});
after(() => browser.close());

const dialog = () => page.getByRole('dialog', { name: 'Instructions for this chat' });
const sign = () => page.getByRole('button', { name: 'Instructions are active' });
const field = (name) => page.getByRole('textbox', { name });

async function fromMenu(item) {
  await page.getByRole('button', { name: 'More for this chat' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** The system messages that the model got. */
async function told(text) {
  const script = await play(says('Yes.'));
  await send(page, `${text} ${script.mark}`);
  await becomes(async () => (await script.requests()).length > 0, true);
  await replyEnded(page);
  return JSON.stringify((await script.requests()).at(-1).messages.filter(({ role }) => role === 'system'));
}

test('in a chat: written in its menu, told with the next message, shown in the bar', async () => {
  assert.ok(!(await told('Before')).includes('in verse'));
  assert.equal(await sign().count(), 0);
  await fromMenu('Instructions');
  await dialog().waitFor();
  await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement);
  await page.keyboard.type('Answer in prose.');
  await becomes(() => field('Instructions for this chat').inputValue(), 'Answer in prose.');
  await field('Instructions for this chat').fill('Answer in verse.\nAlways.');
  await dialog().getByText('24 of 4000 characters').waitFor();
  assert.deepEqual(await violations(page), []);
  await shot(page, 'instructions-chat');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await dialog().waitFor({ state: 'detached' });
  await sign().waitFor();
  assert.deepEqual(await violations(page), []);
  assert.ok((await told('After')).includes('Answer in verse.\\nAlways.'));
  await shot(page, 'instructions-sign');
});

test('what is too long cannot be saved, and says so; what is not saved is there again', async () => {
  await sign().click();
  await field('Instructions for this chat').fill('é'.repeat(4001));
  await dialog().getByText('4001 of 4000 characters').waitFor();
  await becomes(() => dialog().getByRole('button', { name: 'Save' }).isDisabled(), true);
  assert.deepEqual(await violations(page), []);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await page.reload();
  await sign().click();
  await dialog().getByText('4001 of 4000 characters').waitFor();
  await shot(page, 'instructions-draft');
  await dialog().getByRole('button', { name: 'Discard changes' }).click();
  await becomes(() => field('Instructions for this chat').inputValue(), 'Answer in verse.\nAlways.');
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
});

test('the export contains the instructions', async () => {
  const saved = page.waitForEvent('download');
  await fromMenu('Export as JSON');
  assert.equal(JSON.parse(readFileSync(await (await saved).path(), 'utf8')).instructions, 'Answer in verse.\nAlways.');
  const prose = page.waitForEvent('download');
  await fromMenu('Export as Markdown');
  assert.match(readFileSync(await (await prose).path(), 'utf8'), /> \*\*Instructions\*\*\n> \n> Answer in verse\.\n> Always\./);
});

test('for all chats: in the account, also for one that is new', async () => {
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Account and usage' }).click();
  const own = page.getByRole('region', { name: 'Instructions for all chats' });
  await own.getByRole('textbox').fill('Call me Ada.');
  await own.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Instructions saved.').first().waitFor();
  await shot(page, 'instructions-account');
  assert.deepEqual(await violations(page), []);
  await page.getByRole('link', { name: 'New chat' }).click();
  const system = await told('A new one');
  assert.ok(system.includes('Call me Ada.') && !system.includes('verse'), system);
  await sign().waitFor();
  await page.reload();
  await sign().waitFor();
  await sign().click();
  await dialog().getByRole('button', { name: 'Instructions for all chats' }).click();
  await page.getByRole('heading', { level: 1, name: 'Account' }).waitFor();
  await becomes(() => own.getByRole('textbox').inputValue(), 'Call me Ada.');
});

test('taken away, the sign goes', async () => {
  const own = page.getByRole('region', { name: 'Instructions for all chats' });
  await own.getByRole('textbox').fill('');
  await own.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Instructions saved.').first().waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'More for this chat' }).waitFor();
  await sign().waitFor({ state: 'detached' });
  assert.ok(!(await told('Again')).includes('Ada'));
  assert.deepEqual(ada.complaints, []);
});
