// What belongs to a user: the date of registration, everything as one file, and what the operator says about stored data.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { contrastViolations, violations } from './access.mjs';
import { ask, baseUrl, becomes, composer, launch, newSession, newVisitor, register, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

const TEXT = '# What we keep\n\nYour chats, until **you** delete them. <script>window.broken = true</script><img src=x onerror="window.broken = true">\n\n| what | how long |\n|---|---|\n| backups | 30 days |\n';

/** The instance has no privacy text; this makes the page believe that its operator has written one. */
async function withPrivacy(context) {
  await context.route('**/api/config', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), privacy: true } });
  });
  await context.route('**/api/privacy', (route) => route.fulfill({ json: { text: TEXT } }));
}

async function looksRight(page, name) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await shot(page, `${name}-${width}-${colorScheme}`);
      assert.deepEqual(await contrastViolations(page), [], `${name} ${width} ${colorScheme}`);
    }
  }
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light' });
  assert.deepEqual(await violations(page), []);
}

test('a site that says nothing about what is kept has no link to it', async () => {
  const { page } = ada;
  await page.goto(baseUrl);
  await page.getByRole('button', { name: 'Create an account' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Privacy' }).count(), 0);
});

test('people can read before logging in what is kept and for how long; the text runs no script', async () => {
  const { page, context } = ada;
  await withPrivacy(context);
  await page.reload();
  await page.getByRole('button', { name: 'Privacy' }).click();
  const sheet = page.getByRole('dialog', { name: 'Privacy' });
  await sheet.getByRole('heading', { name: 'What we keep' }).waitFor();
  await sheet.getByRole('cell', { name: '30 days' }).waitFor();
  await looksRight(page, 'privacy-login');
  assert.equal(await page.evaluate(() => window.broken), undefined);
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
});

test('the account says since when it is there, and what is kept', async () => {
  const { page } = ada;
  await register(ada);
  await composer(page).waitFor();
  await page.goto(new URL('#account', baseUrl).href);
  await page.reload();
  await page.getByText(`Member since ${new Date().toLocaleDateString('en-US', { dateStyle: 'long' })}`).waitFor();
  const section = page.getByRole('region', { name: 'Privacy', exact: true });
  await section.getByRole('heading', { name: 'What we keep' }).waitFor();
  await section.scrollIntoViewIfNeeded();
  await looksRight(page, 'privacy-account');
});

const data = (page) => page.getByRole('region', { name: 'Your data', exact: true });

async function saved(page, name) {
  const coming = page.waitForEvent('download');
  await data(page).getByRole('button', { name }).click();
  const download = await coming;
  await data(page).getByText('Your export is in your downloads.').waitFor();
  return { name: download.suggestedFilename(), path: await download.path() };
}

/** The texts by name in a ZIP file without compression (PKWARE's APPNOTE, 4.3), checked against its sums. */
function unzipped(zip) {
  const files = new Map();
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    assert.equal(zip.readUInt32LE(at), 0x02014b50);
    const [length, name, extra, comment] = [zip.readUInt32LE(at + 24), ...[28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(begin, begin + length);
    assert.equal(crc32(content), zip.readUInt32LE(at + 16));
    files.set(zip.toString('utf8', at + 46, at + 46 + name), content.toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return files;
}

const account = (page) => page.goto(new URL('#account', baseUrl).href).then(() => page.reload());

test('all of it is a ZIP file: Markdown for each chat, and the lines', async () => {
  const { page } = ada;
  await page.goto(baseUrl);
  await ask(page, 'Where is the lamp?');
  await newSession(page);
  await ask(page, 'Where is the lamp?');
  await account(page);
  await data(page).scrollIntoViewIfNeeded();
  const { name, path } = await saved(page, 'Download ZIP file');
  await looksRight(page, 'export');
  assert.match(name, /^lamplight-\d{4}-\d\d-\d\d\.zip$/);
  const files = unzipped(readFileSync(path));
  const names = [...files.keys()];
  assert.match(names.join(' '), /^chats\/\S+ Where-is-the-lamp\.md chats\/\S+ Where-is-the-lamp \(2\)\.md everything\.jsonl$/);
  assert.match(files.get(names[0]), /^# Where is the lamp\?\n\n## You \([^)]+\)\n\nWhere is the lamp\?\n\n## Reply \([^)]+\)\n\n/);
  const lines = files.get('everything.jsonl').trimEnd().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(lines.filter(({ type }) => type === 'message').map(({ message }) => message.role), ['user', 'assistant', 'user', 'assistant']);
});

test('the lines alone, right after it; nothing of it stays in the browser after the log-out', async () => {
  const { page } = ada;
  const { name, path } = await saved(page, 'Download JSON Lines');
  assert.match(name, /\.jsonl$/);
  assert.equal(JSON.parse(readFileSync(path, 'utf8').split('\n')[0]).account.username, ada.username);
  const left = () => page.evaluate(async () => {
    const names = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
    return names;
  });
  assert.deepEqual(await left(), ['export']);
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  for (let n = 0; (await left()).length > 0; n++) assert.ok(n < 100, 'the files are still there');
});

test('it tells how far it is, waits when the server says so, and can be cancelled', async () => {
  const eve = await newVisitor(browser);
  const { page, context } = eve;
  await register(eve);
  let asked = 0;
  const line = (value) => `${JSON.stringify(value)}\n`;
  await context.route('**/api/ai/sessions/export*', async (route) => {
    asked++;
    if (asked === 2) return route.fulfill({ status: 429, headers: { 'retry-after': '1' }, contentType: 'application/problem+json', body: JSON.stringify({ status: 429, title: 'no', detail: 'no', code: 'rate_limited', requestId: 'test', limit: { scope: 'user', waitSeconds: 1 } }) });
    if (asked > 3) return; // never answers
    const session = line({ type: 'session', session: { id: String(asked), title: 'One', createTime: '2026-01-01T00:00:00.000Z', updateTime: '2026-01-01T00:00:00.000Z' } });
    await route.fulfill({ contentType: 'application/x-ndjson', headers: { link: `</api/ai/sessions/export?cursor=${asked}>; rel="next"` }, body: (asked === 1 ? line({ type: 'account', account: {}, sessions: 9 }) : '') + session });
  });
  await account(page);
  await data(page).getByRole('button', { name: 'Download ZIP file' }).click();
  await data(page).getByText('2 of 9 chats').waitFor();
  await becomes(() => data(page).getByRole('progressbar', { name: 'Export' }).getAttribute('aria-valuenow'), '2');
  assert.deepEqual(await violations(page), []);
  await shot(page, 'export-running');
  await data(page).getByRole('button', { name: 'Cancel' }).click();
  await data(page).getByRole('button', { name: 'Download ZIP file' }).waitFor();
  assert.equal(await data(page).getByRole('alert').count(), 0);
  await context.close();
});
