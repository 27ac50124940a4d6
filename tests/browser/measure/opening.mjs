// How soon a stored session of 200 messages is on screen after its messages have arrived, as plain text and formatted. RUNS
// (10) loads each of a first visit, and of a visit for which the browser already has the files.
import { baseUrl, launch, newVisitor, register } from '../browser.mjs';
import { tokenOf } from '../seed.mjs';
import { median, percentile, storedSession } from './conversations.mjs';

const runs = Number(process.env.RUNS ?? 10);

/** Runs in the page: notes when the first of these elements is painted. */
function watch() {
  globalThis.painted = {};
  const wanted = { text: 'article', formatted: 'article .prose' };
  const look = () => {
    for (const [name, selector] of Object.entries(wanted)) {
      if (document.querySelector(selector) === null) continue;
      delete wanted[name];
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel(); // its task comes after the frame
        port1.onmessage = () => (globalThis.painted[name] = performance.now());
        port2.postMessage(null);
      });
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

async function load(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => globalThis.painted.text !== undefined && globalThis.painted.formatted !== undefined);
  return page.evaluate(() => {
    const answer = performance.getEntriesByType('resource').find(({ name }) => name.includes('/messages?')).responseEnd;
    const { text, formatted } = globalThis.painted;
    return { answer, text: text - answer, formatted: formatted - answer };
  });
}

const browser = await launch();
const visitor = await newVisitor(browser);
await register(visitor);
const url = new URL(`s/${await storedSession(await tokenOf(visitor), 200)}`, baseUrl).href;
const { page, context } = visitor;
const session = await context.newCDPSession(page);
await session.send('Network.enable');
await page.addInitScript(watch);
for (const visit of ['first visit', 'next visit']) {
  await session.send('Network.setCacheDisabled', { cacheDisabled: visit === 'first visit' });
  const loads = [];
  for (let n = 0; n < runs; n++) loads.push(await load(page, url));
  const row = (name) => `${name} ${median(loads.map((each) => each[name])).toFixed(0)} ms (worst ${percentile(loads.map((each) => each[name]), 1).toFixed(0)})`;
  console.log(`${visit}: the answer ${median(loads.map(({ answer }) => answer)).toFixed(0)} ms after the click; then ${row('text')}, ${row('formatted')}`);
}
await browser.close();
