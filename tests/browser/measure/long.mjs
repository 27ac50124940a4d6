// Scrolls through a session of 3,000 messages, and streams a reply into it. Prints the frames that were shown, what the
// page's main thread did, and how often the page changed what it had already drawn.
import { baseUrl, composer, launch, newVisitor, register } from '../browser.mjs';
import { tokenOf } from '../seed.mjs';
import { median, percentile, storedSession } from './conversations.mjs';

const speed = 3000; // pixels a second: faster than anybody reads
const seconds = 15;

/** Runs in the page: collects the times between frames from now on. */
function countFrames() {
  globalThis.frames60 = [];
  let last = performance.now();
  const next = (now) => {
    globalThis.frames60.push(now - last);
    last = now;
    globalThis.counting = requestAnimationFrame(next);
  };
  globalThis.counting = requestAnimationFrame((now) => {
    last = now;
    globalThis.counting = requestAnimationFrame(next);
  });
}

/** Does the work while tracing; resolves to the times between frames and to the tasks of the main thread, in milliseconds. */
async function traced(page, session, work) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  session.on('Tracing.dataCollected', collect);
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] } });
  await page.evaluate(countFrames);
  await work();
  const frames = await page.evaluate(() => {
    cancelAnimationFrame(globalThis.counting);
    return globalThis.frames60;
  });
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  session.off('Tracing.dataCollected', collect);
  return { frames, ...mainThreadOf(events) };
}

/** The main thread is the one that runs most of the script. */
function mainThreadOf(events) {
  const scripts = new Map();
  for (const { name, tid, pid } of events)
    if (name === 'FunctionCall' || name === 'FireAnimationFrame') scripts.set(`${pid}/${tid}`, (scripts.get(`${pid}/${tid}`) ?? 0) + 1);
  const [main] = [...scripts].sort((a, b) => b[1] - a[1])[0] ?? [];
  const mine = events.filter(({ tid, pid, ph }) => `${pid}/${tid}` === main && ph === 'X');
  const sum = (names) => mine.filter(({ name }) => names.includes(name)).reduce((total, { dur = 0 }) => total + dur / 1000, 0);
  return {
    tasks: mine.filter(({ name }) => /RunTask$/.test(name)).map(({ dur = 0 }) => dur / 1000),
    layout: sum(['Layout', 'UpdateLayoutTree']),
    script: sum(['FunctionCall', 'EvaluateScript', 'RunMicrotasks']),
    paint: sum(['Paint', 'PrePaint', 'Layerize', 'Commit']),
  };
}

function report(title, { frames, tasks, layout, script, paint }) {
  const late = frames.filter((time) => time > 17.5).length;
  const long = tasks.filter((time) => time > 50);
  const ms = (value) => `${value.toFixed(1)} ms`;
  console.log(`${title}
  frames       ${frames.length} in ${(frames.reduce((a, b) => a + b, 0) / 1000).toFixed(1)} s; p50 ${ms(median(frames))}, p95 ${ms(percentile(frames, 0.95))}, p99 ${ms(percentile(frames, 0.99))}, worst ${ms(Math.max(...frames))}; ${late} late
  main thread  script ${ms(script)}, layout ${ms(layout)}, paint ${ms(paint)}; a task p95 ${ms(percentile(tasks, 0.95))}, worst ${ms(Math.max(...tasks))}; ${long.length} long tasks (over 50 ms), ${ms(long.reduce((a, b) => a + b, 0))} in all`);
}

const box = (page) => page.getByRole('region', { name: 'Chat' });

async function scroll(page, session, direction) {
  const { x, y, width, height } = await box(page).boundingBox();
  await session.send('Input.synthesizeScrollGesture', {
    x: x + width / 2, y: y + height / 2, yDistance: direction * speed * seconds, speed, gestureSourceType: 'mouse', preventFling: true,
  });
}

/** Runs in the page: counts what changes in the document while a reply streams in, and where. */
function watchChanges() {
  const replies = () => [...document.querySelectorAll('article')];
  globalThis.touched = { earlierMessages: 0, finishedBlocks: 0, lastBlock: 0 };
  new MutationObserver((changes) => {
    const reply = replies().at(-1);
    const last = reply?.querySelector('.prose')?.lastElementChild;
    for (const { target } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      const article = element?.closest('article');
      if (!article) continue;
      if (article !== reply) globalThis.touched.earlierMessages++;
      else if (last?.contains(element)) globalThis.touched.lastBlock++;
      else if (element.closest('.prose > *')) globalThis.touched.finishedBlocks++;
    }
  }).observe(document.querySelector('[role=region]'), { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['class', 'href'] });
}

const browser = await launch();
const visitor = await newVisitor(browser);
await register(visitor);
const { page, context } = visitor;
const id = await storedSession(await tokenOf(visitor), 3000);
await page.goto(new URL(`s/${id}`, baseUrl).href);
await page.waitForFunction(() => document.querySelector('.prose') !== null);
await page.waitForTimeout(1500);
const session = await context.newCDPSession(page);

report(`scrolled up, ${speed} pixels a second`, await traced(page, session, () => scroll(page, session, 1)));
report(`scrolled down again`, await traced(page, session, () => scroll(page, session, -1)));
const shown = await page.evaluate(() => ({ articles: document.querySelectorAll('article').length, nodes: document.querySelectorAll('*').length }));
console.log(`in the document: ${shown.articles} messages, ${shown.nodes} elements`);

const end = page.getByRole('button', { name: 'Scroll to the end' });
if (await end.isVisible()) await end.click();
await page.waitForTimeout(500);
await composer(page).fill('A long answer, please');
report('a long answer streams in', await traced(page, session, async () => {
  await composer(page).press('Enter');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.waitForTimeout(300);
  await page.evaluate(watchChanges);
  await page.getByRole('button', { name: 'Send', exact: true }).waitFor({ timeout: 120_000 });
}));
const { earlierMessages, finishedBlocks, lastBlock } = await page.evaluate(() => globalThis.touched);
console.log(`changes in the document meanwhile: ${lastBlock} in the block that was being written, ${finishedBlocks} in finished blocks of the reply, ${earlierMessages} in earlier messages`);
await browser.close();
