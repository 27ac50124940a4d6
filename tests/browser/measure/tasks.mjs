// What the main thread does while a slow phone opens a stored session of 200 messages (its processor is CPU (4) times slower
// than this one): the blocking time, which is what tasks take beyond 50 ms each, and what the longest tasks do. RUNS (5)
// loads of a first visit.
import { baseUrl, launch, newVisitor, register } from '../browser.mjs';
import { tokenOf } from '../seed.mjs';
import { median, storedSession } from './conversations.mjs';

const runs = Number(process.env.RUNS ?? 5);
const rate = Number(process.env.CPU ?? 4);
const watched = 6000;
const kinds = ['EvaluateScript', 'v8.compile', 'v8.compileModule', 'v8.evaluateModule', 'FunctionCall', 'RunMicrotasks', 'TimerFire', 'FireIdleCallback', 'FireAnimationFrame', 'Layout', 'UpdateLayoutTree', 'Paint', 'PrePaint', 'ParseHTML', 'MinorGC', 'MajorGC', 'EventDispatch'];

async function load(page, session, url) {
  const events = [];
  const collect = ({ value }) => events.push(...value);
  session.on('Tracing.dataCollected', collect);
  await session.send('Network.clearBrowserCache');
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'v8', 'loading', 'blink.user_timing', 'disabled-by-default-devtools.timeline'] } });
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector('article .prose') !== null);
  await page.waitForTimeout(watched);
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  session.off('Tracing.dataCollected', collect);
  await page.goto('about:blank');
  return tasksOf(events);
}

function tasksOf(events) {
  const paint = events.findLast(({ name }) => name === 'firstContentfulPaint');
  const mine = events.filter(({ tid, pid, ph }) => tid === paint.tid && pid === paint.pid && ph === 'X');
  // The trace contains each task twice: by its thread, and by the queue from which it comes.
  const told = mine.filter(({ name, ts, dur }) => /RunTask$/.test(name) && ts + dur > paint.ts && dur > 50_000).sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  const tasks = told.filter((task, n) => !told.slice(0, n).some(({ ts, dur }) => task.ts < ts + dur));
  const long = tasks.map((task) => ({
    at: (task.ts - paint.ts) / 1000,
    ms: task.dur / 1000,
    what: mine
      .filter(({ name, ts, dur = 0 }) => kinds.includes(name) && ts >= task.ts && ts + dur <= task.ts + task.dur && dur > 8000)
      .map(({ name, dur, args }) => `${name} ${Math.round(dur / 1000)} ${String(args?.data?.url ?? args?.fileName ?? '').split('/').at(-1).slice(0, 24)} ${args?.data?.functionName ?? ''}`.trim()),
  }));
  return { long, blocking: long.reduce((sum, { ms, at }) => sum + Math.max(Math.min(ms, ms + at) - 50, 0), 0), longest: Math.max(0, ...long.map(({ ms }) => ms)) };
}

const browser = await launch();
const visitor = await newVisitor(browser, { viewport: { width: 412, height: 823 }, isMobile: true, hasTouch: true, deviceScaleFactor: 1.75 });
await register(visitor);
const url = new URL(`s/${await storedSession(await tokenOf(visitor), 200)}`, baseUrl).href;
const session = await visitor.context.newCDPSession(visitor.page);
await session.send('Emulation.setCPUThrottlingRate', { rate });
const loads = [];
for (let n = 0; n < runs; n++) loads.push(await load(visitor.page, session, url));
console.log(`blocking ${median(loads.map(({ blocking }) => blocking)).toFixed(0)} ms (${loads.map(({ blocking }) => blocking.toFixed(0)).join(', ')}); the longest task ${median(loads.map(({ longest }) => longest)).toFixed(0)} ms`);
if (process.env.VERBOSE) for (const { at, ms, what } of loads.at(-1).long) console.log(`  ${at.toFixed(0).padStart(6)} ms after the first paint: ${ms.toFixed(0)} ms: ${what.join('; ')}`);
await browser.close();
