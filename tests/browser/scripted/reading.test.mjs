// Reading and writing long texts: a reply that streams in without a jump, long pastes and long questions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { play } from '../../support/model.mjs';
import { becomes, composer, launch, newSession, newVisitor, register, replies, replyEnded, send, shot } from '../browser.mjs';
import { callsTo, says, saysSlowly } from './scripts.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser);
  await register(ada);
});
after(() => browser.close());

const button = (page, name) => page.getByRole('button', { name, exact: true });

/**
 * Notes after each paint the positions of the question, of the dots and of the first line of the reply, and what the browser
 * itself calls a shift.
 */
function watch(page) {
  return page.evaluate(() => {
    const seen = { places: [], shift: 0 };
    window.seen = seen;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += entry.hadRecentInput ? 0 : entry.value;
    }).observe({ type: 'layout-shift' });
    const topOf = (element) => (element === null || element === undefined ? null : Math.round(element.getBoundingClientRect().top));
    const last = (selector) => [...document.querySelectorAll(selector)].at(-1);
    const look = () =>
      requestAnimationFrame(() => {
        const painted = new MessageChannel();
        painted.port1.onmessage = () => {
          const reply = last('article[aria-label=Reply]');
          seen.places.push({ question: topOf(last('article[aria-label=You]')), dots: topOf(document.querySelector('.dots')), text: topOf(reply?.querySelector('.prose p')) });
          look();
        };
        painted.port2.postMessage(0);
      });
    look();
  });
}

/** Waits until the page rests at the dots: it follows a message that was sent to the end of the chat. */
const settled = (page) =>
  page.waitForFunction(() => {
    const top = document.querySelector('.dots')?.getBoundingClientRect().top;
    const same = top !== undefined && top === window.dotsTop;
    window.dotsStill = same ? (window.dotsStill ?? 0) + 1 : 0;
    window.dotsTop = top;
    return window.dotsStill > 10;
  }, null, { polling: 'raf' });

/** Every position in order, each once. */
const placesOf = (places, of) => places.map((place) => place[of]).filter((top, n, all) => top !== null && top !== all[n - 1]);

for (const [where, viewport, before] of [
  ['at the top of a new chat', { width: 1280, height: 860 }, 0],
  ['at the end of a long chat', { width: 1280, height: 860 }, 3],
  ['at the end of a long chat on a phone', { width: 390, height: 700 }, 3],
])
  test(`the dots stand where the text begins, and nothing hops: ${where}`, async () => {
    const { page } = ada;
    await newSession(page);
    await page.setViewportSize(viewport);
    for (let n = 0; n < before; n++) {
      const { mark } = await play(says('A long answer. '.repeat(60)));
      await send(page, `Question ${n} ${mark}`);
      await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
      await replyEnded(page);
    }
    const script = await play({ steps: [{ gate: 'begin' }, ...saysSlowly('The first words', ', and the last.').steps] });
    await send(page, `Take your time ${script.mark}`);
    await script.called(1);
    await page.locator('article[aria-label=Reply][aria-busy=true] .dots').waitFor();
    await settled(page);
    await watch(page);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    await script.open('begin');
    await replies(page).last().getByText('The first words').waitFor();
    await script.open('1');
    await replies(page).last().getByText(', and the last.').waitFor();
    await script.open('2');
    await replyEnded(page);
    const { places, shift } = await page.evaluate(() => window.seen);
    const [dots, ...moreDots] = placesOf(places, 'dots');
    const texts = placesOf(places.filter(({ dots }) => dots === null), 'text');
    assert.deepEqual(moreDots, [], 'the dots stay');
    assert.ok(Math.abs(texts[0] - dots) <= 1, `the text begins at ${texts[0]}, the dots stood at ${dots}`);
    assert.equal(texts.length, 1, `the text stays, also when the reply ends: ${texts}`);
    assert.equal(placesOf(places, 'question').length, 1, 'the question stays');
    assert.equal(places.filter(({ dots, text }) => dots === null && text === null).length, 0, 'there is always one of the two');
    assert.ok(shift < 0.001, `the browser saw a shift of ${shift}`);
    await page.setViewportSize({ width: 1280, height: 860 });
  });

test('nothing jumps between sending a question and its dots', async () => {
  const { page } = ada;
  await newSession(page);
  const script = await play(says('Well.'), { steps: [{ gate: 'begin' }, ...says('Yes.').steps] });
  await send(page, `One ${script.mark}`);
  await replyEnded(page);
  let go;
  const held = new Promise((resolve) => { go = resolve; });
  await page.route('**/api/ai/chat', async (route) => {
    await held;
    await route.continue();
  });
  await send(page, `Two ${script.mark}`);
  await page.locator('.dots').waitFor();
  await watch(page);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  go();
  await page.locator('article[aria-label=Reply][aria-busy=true] .dots').waitFor();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const { places } = await page.evaluate(() => window.seen);
  assert.equal(placesOf(places, 'dots').length, 1, `the dots stay: ${placesOf(places, 'dots')}`);
  assert.equal(placesOf(places, 'question').length, 1, 'the question stays');
  await page.unroute('**/api/ai/chat');
  await script.open('begin');
  await replyEnded(page);
});

const pulse = (page, selector) => page.locator(selector).last().evaluate((element) => getComputedStyle(element, '::after').animationName);

test('a text that grows has a pulse at its end, and only there', async () => {
  const { page } = ada;
  await newSession(page);
  const script = await play(saysSlowly('Some words.\n\n- one\n  - two\n- three', '\n- four\n\nAnd an end'));
  await send(page, `Write ${script.mark}`);
  await page.getByText('three').waitFor();
  const pulsing = () =>
    page.evaluate(() => [...document.querySelectorAll('.growing *')].filter((each) => getComputedStyle(each, '::after').animationName !== 'none').map((each) => each.textContent));
  assert.deepEqual(await pulsing(), ['three']);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  assert.deepEqual(await pulsing(), []);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await script.open('1');
  await page.getByText('And an end').waitFor();
  assert.deepEqual(await pulsing(), ['And an end']);
  await shot(page, 'growing');
  await script.open('2');
  await replyEnded(page);
  assert.equal(await pulse(page, '.prose p'), 'none');
});

test('a model that says nothing for a while is still waited for, and the page says so', async () => {
  const { page } = ada;
  await newSession(page);
  const script = await play(saysSlowly('Some words', ' and others'));
  await page.clock.install();
  await send(page, `Say nothing for a while ${script.mark}`);
  await page.getByText('Some words').waitFor();
  await page.clock.runFor(7000);
  const sentence = page.getByText('Still waiting for the reply…');
  assert.equal(await sentence.count(), 0);
  await page.clock.runFor(3000);
  await sentence.waitFor();
  await script.open('1');
  await page.getByText('and others').waitFor();
  await page.clock.runFor(100);
  await sentence.waitFor({ state: 'detached' });
  await page.clock.resume();
  await script.open('2');
  await replyEnded(page);
});

test('after a tool has run the dots stand where the next text will begin', async () => {
  const { page } = ada;
  await newSession(page);
  const script = await play(callsTo(['run_weather', { city: 'Oslo' }]), { steps: [{ gate: 'begin' }, ...says('Sunny.').steps] });
  await send(page, `The weather ${script.mark}`);
  await replies(page).last().getByText('done', { exact: true }).waitFor();
  await page.locator('.dots').waitFor();
  const { y } = await page.locator('.dots').boundingBox();
  await script.open('begin');
  const text = replies(page).last().getByText('Sunny.');
  await text.waitFor();
  assert.ok(Math.abs((await text.boundingBox()).y - y) < 2);
  await replyEnded(page);
});

/* ---- long pastes and long questions */

const files = (page) => page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
const long = Array.from({ length: 120 }, (_, n) => `Line ${n}: 春眠不觉晓，处处闻啼鸟。 "quotes" & <tags>`).join('\n');

function paste(page, text) {
  return composer(page).evaluate((field, pasted) => {
    const transfer = new DataTransfer();
    transfer.setData('text/plain', pasted);
    field.focus();
    // A paste by script inserts nothing, so the test does the browser's part.
    if (field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }))) document.execCommand('insertText', false, pasted);
  }, text);
}

const value = (page) => composer(page).inputValue();

test('a short paste is text; a long one becomes a file, which goes to the model as text', async () => {
  const { page } = ada;
  await newSession(page);
  await paste(page, 'x'.repeat(4000));
  assert.equal((await value(page)).length, 4000);
  await composer(page).fill('What does it say? ');
  assert.ok(long.length > 4000);
  await paste(page, long);
  await files(page).filter({ hasText: 'Pasted text.txt' }).waitFor();
  assert.equal(await value(page), 'What does it say? ');
  await paste(page, long);
  await files(page).filter({ hasText: 'Pasted text 2.txt' }).waitFor();
  await button(page, 'Remove Pasted text 2.txt').click();
  await shot(page, 'pasted');
  const script = await play(says('Spring.'));
  await composer(page).pressSequentially(script.mark);
  await composer(page).press('Enter');
  await replies(page).last().getByText('Spring.').waitFor();
  await replyEnded(page);
  const [{ messages }] = await script.requests();
  assert.equal(messages.at(-1).content, `${long}\n\nWhat does it say? ${script.mark}`);
});

test('a click turns it back into text where the cursor is; undo and redo go both ways', async () => {
  const { page } = ada;
  await newSession(page);
  await composer(page).fill('before after');
  await composer(page).evaluate((field) => field.setSelectionRange(7, 7));
  await paste(page, long);
  await files(page).first().waitFor();
  await composer(page).press('Control+z');
  await files(page).first().waitFor({ state: 'detached' });
  assert.equal(await value(page), 'before after');
  await composer(page).press('Control+Shift+z');
  await files(page).first().waitFor();
  await button(page, 'Insert Pasted text.txt as text').click();
  await files(page).first().waitFor({ state: 'detached' });
  assert.equal(await value(page), `before ${long}after`);
  assert.ok(await composer(page).evaluate((field) => document.activeElement === field));
  await composer(page).press('Control+z');
  await files(page).first().waitFor();
  assert.equal(await value(page), 'before after');
  await composer(page).press('Control+Shift+z');
  await files(page).first().waitFor({ state: 'detached' });
  assert.equal(await value(page), `before ${long}after`);
  await composer(page).press('Control+z');
  await files(page).first().waitFor();
  await button(page, 'Remove Pasted text.txt').click();
  await composer(page).fill('');
});

test('a paste that cannot become a file is a text as ever', async () => {
  const { page, context } = ada;
  const other = await context.newPage();
  await other.route('**/api/ai/config', (route) => route.abort());
  await other.goto(page.url());
  await composer(other).waitFor();
  await paste(other, long);
  await other.waitForFunction((length) => document.getElementById('composer').value.length === length, long.length);
  assert.equal(await files(other).count(), 0);
  await composer(other).fill('');
  await other.close();
});

test('a long question is folded, and opens by its button, by a search of the browser, and on paper', async () => {
  const { page } = ada;
  await newSession(page);
  const script = await play(says('I see.'));
  const question = `Read this ${script.mark}\n${Array.from({ length: 60 }, (_, n) => `Line ${n} of the question.`).join('\n')}`;
  await send(page, question);
  await replies(page).last().getByText('I see.').waitFor();
  await replyEnded(page);
  const text = page.getByRole('article', { name: 'You' }).locator('p[dir=auto]');
  const height = () => text.evaluate((element) => element.getBoundingClientRect().height);
  assert.ok((await height()) < 300);
  await shot(page, 'folded');
  const more = button(page, 'Show all');
  await becomes(() => more.getAttribute('aria-expanded'), 'false');
  await more.click();
  assert.ok((await height()) > 1000);
  const end = await text.evaluate((element) => element.getBoundingClientRect().bottom);
  assert.ok(end > 0);
  await page.reload();
  await more.waitFor();
  assert.ok((await height()) < 300);
  await page.emulateMedia({ media: 'print' });
  assert.ok((await height()) > 1000);
  await page.emulateMedia({ media: 'screen' });
  assert.equal(await page.evaluate(() => window.find('Line 58 of the question', false, false, true)), true);
  await text.evaluate((element) => getSelection().anchorNode.parentElement === element && element.scrollTo(0, 1));
  await button(page, 'Show less').waitFor();
  assert.ok((await height()) > 1000);
});

test('the page raised no error, asked no other site and kept to its policy', () => {
  assert.deepEqual(ada.complaints, []);
});
