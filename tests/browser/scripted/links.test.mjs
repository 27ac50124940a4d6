// The places of the page are links: the browser can open one beside the page, and a plain click loads nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { violations } from '../access.mjs';
import { baseUrl, becomes, launch, newVisitor, register, sessionRows } from '../browser.mjs';
import { call, seedSession, tokenOf } from '../seed.mjs';

let browser;
let ada;
let page;
let sessionId;

const found = () => page.getByRole('navigation', { name: 'Search results' });
const archived = () => page.getByRole('list', { name: 'Archived chats' });
/** Each place: how to reach it, its link, and where that leads. */
const places = {
  'a chat of the list': { link: () => sessionRows(page).filter({ hasText: 'zyzzyva' }).getByRole('link'), leads: () => `s/${sessionId}`, shows: 'Who built the zyzzyva?' },
  'a new chat': { link: () => page.getByRole('link', { name: 'New chat' }), leads: () => '', shows: /^Good (morning|afternoon|evening|night)/ },
  'a new chat, without the list': { reach: () => page.getByRole('button', { name: 'Hide the chat list' }).click(), link: () => page.getByRole('banner').getByRole('link', { name: 'New chat' }), leads: () => '', shows: /^Good (morning|afternoon|evening|night)/ },
  'a chat that was found': { reach: () => search('zyzzyva'), link: () => found().getByRole('link').first(), leads: () => `s/${sessionId}`, shows: 'Who built the zyzzyva?' },
  'a message that was found': { reach: () => search('zyzzyva'), link: () => found().getByRole('link').last(), leads: () => new RegExp(`s/${sessionId}\\?m=\\d+$`), shows: 'Who built the zyzzyva?' },
  'an archived chat': { reach: openArchive, link: () => archived().getByRole('link'), leads: () => /s\/\d+$/, shows: 'This chat is archived.' },
};

async function search(words) {
  await page.getByLabel('Search chats').fill(words);
  await found().getByRole('link').nth(1).waitFor();
}

async function openArchive() {
  await page.getByRole('button', { name: ada.username }).click();
  await page.getByRole('menuitem', { name: 'Archive' }).click();
  await archived().getByRole('link').waitFor();
}

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  page = ada.page;
  const token = await tokenOf(ada);
  sessionId = await seedSession(token, 'Who built the zyzzyva?');
  const other = await seedSession(token, 'Put away');
  await call('PATCH', `ai/sessions/${other}`, token, { archived: true });
});
after(() => browser.close());

for (const [name, { reach, link, leads, shows }] of Object.entries(places)) {
  test(`${name} is opened beside this page, or here without loading it again`, async () => {
    await page.evaluate(() => localStorage.removeItem('lamplight.sidebar'));
    await page.goto(baseUrl);
    await page.getByLabel('Search chats').waitFor();
    await reach?.();
    await link().waitFor();
    const wanted = leads();
    const there = (url) => (wanted instanceof RegExp ? assert.match(url, wanted) : assert.equal(url, baseUrl + wanted));
    there(await link().evaluate((element) => element.href));
    for (const options of [{ button: 'middle' }, { modifiers: ['Control'] }]) {
      const [beside] = await Promise.all([ada.context.waitForEvent('page'), link().click(options)]);
      await beside.getByText(shows).first().waitFor();
      there(beside.url());
      await beside.close();
      assert.equal(page.url().replace(/#.*/, ''), baseUrl, 'this page stays where it is');
    }
    await page.evaluate(() => (globalThis.loadedOnce = true));
    await link().click();
    await page.getByText(shows).first().waitFor();
    await becomes(() => page.evaluate(() => globalThis.loadedOnce), true);
    assert.deepEqual(await violations(page), []);
  });
}
