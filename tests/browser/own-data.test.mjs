// What is one's own: since when one is there, and what the operator says about what is kept.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { contrastViolations, violations } from './access.mjs';
import { baseUrl, composer, launch, newVisitor, register, shot } from './browser.mjs';

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

/** An instance without the text says so; this one's operator has written one. */
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

test('who logs in can read before what is kept and for how long; the text runs nothing', async () => {
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
