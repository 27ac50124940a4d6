// The page in each of its languages, on a desktop and a phone: nothing is wider than the screen, axe finds nothing wrong, and
// each view leaves a picture to look at. No step depends on words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from '../access.mjs';
import { ask, baseUrl, launch, newVisitor, register, shot } from '../browser.mjs';

const languages = ['de', 'es', 'fr', 'ja', 'pt-BR', 'zh-CN'];
let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  await ask(ada.page, 'Hello there');
});
after(() => browser.close());

async function check(page, name) {
  await shot(page, name);
  assert.deepEqual(await violations(page), [], name);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false, `${name} is wider than the screen`);
}

for (const language of languages) {
  for (const [device, options] of Object.entries({
    desktop: { viewport: { width: 1280, height: 860 } },
    phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' },
  })) {
    test(`${language} on a ${device}`, async () => {
      const visitor = { ...(await newVisitor(browser, { ...options, locale: language })), username: ada.username };
      const { page, context, complaints } = visitor;
      await page.goto(baseUrl);
      await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
      await page.locator('input[type=password]').waitFor();
      await check(page, `language-${language}-${device}-login`);
      await page.locator('input').first().fill(visitor.username);
      await page.locator('input[type=password]').fill('wrong password');
      await page.locator('form button[type=submit]').click();
      await page.getByRole('alert').waitFor();
      const refused = await page.getByRole('alert').innerText();
      assert.doesNotMatch(refused, /Wrong username/);
      await page.locator('input[type=password]').fill('a lamp in the window');
      await page.locator('form button[type=submit]').click();
      await page.locator('#composer').waitFor();
      await page.goto(new URL(new URL(ada.page.url()).pathname, baseUrl).href);
      await page.locator('article .prose').last().waitFor();
      await check(page, `language-${language}-${device}-chat`);
      if (device === 'phone') await page.locator('header button').first().click();
      await page.locator('footer:not(article footer) button[aria-haspopup=menu]').last().click(); // the account's menu, not a reply's
      await page.getByRole('menuitem').first().waitFor();
      await check(page, `language-${language}-${device}-menu`);
      await page.getByRole('menuitem').first().click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('main h2').nth(2).waitFor();
      await page.locator('canvas').waitFor();
      await check(page, `language-${language}-${device}-account`);
      assert.deepEqual(complaints, []);
      await context.close();
    });
  }
}
