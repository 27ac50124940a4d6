// The same page on a phone and in the dark theme.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, baseUrl, conversationText, launch, logIn, newVisitor, register, replyEnded, sessionRows, shot } from './browser.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
  await ask(ada.page, 'Show me some markdown');
});
after(() => browser.close());

const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function visit(options) {
  const visitor = { ...(await newVisitor(browser, options)), username: ada.username };
  await visitor.page.goto(new URL(new URL(ada.page.url()).pathname, baseUrl).href);
  await logIn(visitor);
  await replyEnded(visitor.page);
  await conversationText(visitor.page);
  return visitor;
}

for (const colorScheme of ['light', 'dark']) {
  test(`on a phone, in the ${colorScheme}: sessions are in a drawer and nothing is wider than the screen`, async () => {
    const { page, context, complaints } = await visit({
      viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, colorScheme,
    });
    const widest = await page.evaluate(() => {
      const scrolls = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);
      const inScroller = (element) => element !== null && (scrolls(element) || inScroller(element.parentElement));
      const boxes = [...document.querySelectorAll('article *')].filter((element) => !inScroller(element.closest('pre, .table-scroll')));
      return Math.max(...boxes.map((element) => element.getBoundingClientRect().right));
    });
    assert.ok(widest <= 390, `the widest box ends at ${widest}`);
    assert.equal(await sessionRows(page).count(), 0);
    await shot(page, `phone-${colorScheme}`);

    await page.getByRole('button', { name: 'Open the chat list' }).click();
    await sessionRows(page).first().waitFor();
    await shot(page, `phone-drawer-${colorScheme}`);
    await page.getByRole('dialog').getByRole('link', { name: 'New chat' }).click();
    await sessionRows(page).first().waitFor({ state: 'detached' });
    await page.getByText(/^Good (morning|afternoon|evening|night)/).waitFor();
    await shot(page, `phone-welcome-${colorScheme}`);

    await page.getByRole('button', { name: 'Open the chat list' }).click();
    await sessionRows(page).first().getByRole('link').click();
    await replyEnded(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test('the scheme follows the system until one is chosen, and the choice is kept', async () => {
  const { page, context } = await visit({ colorScheme: 'dark' });
  const dark = await background(page);
  await shot(page, 'dark');
  const choose = async (theme) => {
    await page.getByRole('button', { name: /^Account and settings/ }).click();
    await page.getByRole('menuitemradio', { name: theme }).click();
  };
  await choose('Light');
  const light = await background(page);
  assert.notEqual(light, dark);
  await shot(page, 'light');
  await page.reload();
  assert.equal(await background(page), light);
  await choose('Dark');
  assert.equal(await background(page), dark);
  await choose('System');
  assert.equal(await background(page), dark);
  await page.emulateMedia({ colorScheme: 'light' });
  assert.equal(await background(page), light);
  await context.close();
});
