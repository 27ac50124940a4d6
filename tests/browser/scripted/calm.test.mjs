// For people who prefer reduced motion, nothing moves by itself: no blinking dots, no pulsing placeholders.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { launch, newVisitor, register, replies, replyEnded, send } from '../browser.mjs';
import { saysSlowly } from './scripts.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Animations that run for ever, or long enough to be seen. */
const moving = (page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter((animation) => animation.playState === 'running' && animation.effect.getComputedTiming().activeDuration > 50)
      .map((animation) => `${animation.animationName ?? animation.transitionProperty} of ${animation.effect.target.className}`),
  );

for (const reducedMotion of ['reduce', 'no-preference'])
  test(`what moves while a reply is awaited, thought about and written follows the reader's wish: ${reducedMotion}`, async () => {
    const ada = await newVisitor(browser, { reducedMotion });
    const { page, context, complaints } = ada;
    await register(ada);
    const script = await play({ steps: [{ gate: 'begin' }, ...saysSlowly('At last.').steps] });
    await send(page, `Take your time ${script.mark}`);
    await page.locator('[class*=animate-]').first().waitFor();
    const seen = await moving(page);
    if (reducedMotion === 'reduce') assert.deepEqual(seen, []);
    else assert.ok(seen.length > 0, 'else this test would see nothing anyway');
    await script.open('begin');
    await replies(page).last().getByText('At last.').waitFor();
    if (reducedMotion === 'reduce') assert.deepEqual(await moving(page), []);
    await script.open('1');
    await replyEnded(page);
    assert.deepEqual(complaints, []);
    await context.close();
  });
