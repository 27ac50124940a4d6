// Measures the log-in view and a stored session with Lighthouse, on a desktop and on a phone: the median of RUNS (3) runs
// each. With STRICT=1 (`make lighthouse`) a score below the required one is a failure. Lighthouse is not among the packages
// of the tests, because nothing else needs the two hundred packages that it brings: npx fetches it once, in this version, the
// last one for Node.js 20.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { baseUrl, flags, register } from '../browser.mjs';
import { tokenOf } from '../seed.mjs';
import { median, storedSession } from './conversations.mjs';

const lighthouse = 'lighthouse@12.8.2';
/** The required scores. */
const least = { performance: 95, accessibility: 100, 'best-practices': 100 };
const categories = Object.keys(least);
const counts = { passed: 0, failed: 0 };
const metrics = { 'first-contentful-paint': 'FCP', 'largest-contentful-paint': 'LCP', 'total-blocking-time': 'TBT', 'cumulative-layout-shift': 'CLS', 'speed-index': 'SI' };
const runs = Number(process.env.RUNS ?? 3);
const run = promisify(execFile);
const folder = mkdtempSync(`${tmpdir()}/lamplight-lighthouse-`);

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/**
 * Runs Lighthouse once on `url`, in the browser that listens on `port`, as whoever is logged in there. If Lighthouse cleared
 * the storage itself, it would log that visitor out, so only the cache is cleared: the page loads everything, as on a first
 * visit.
 */
async function look(context, url, port, form) {
  const report = `${folder}/report.json`;
  const session = await context.newCDPSession(context.pages()[0]);
  await session.send('Network.clearBrowserCache');
  await session.detach();
  await run(
    'npx',
    ['--yes', lighthouse, url, `--port=${port}`, '--disable-storage-reset', `--only-categories=${categories}`, '--output=json',
      `--output-path=${report}`, '--quiet', ...(form === 'desktop' ? ['--preset=desktop'] : [])],
    { maxBuffer: 1 << 26 },
  );
  return JSON.parse(readFileSync(report, 'utf8'));
}

/** Everything in a category that costs points. */
function complaintsIn(report, category) {
  return report.categories[category].auditRefs
    .map(({ id, weight }) => ({ weight, audit: report.audits[id] }))
    .filter(({ weight, audit }) => weight > 0 && audit.score !== null && audit.score < 1)
    .map(({ audit }) => [`${audit.id}: ${audit.title}`, ...(audit.details?.items ?? []).map(({ description, url }) => description ?? url)].join('; '));
}

/** Measures each view in a separate browser: the stored session needs a login, the log-in view none. */
async function measure(name, prepare) {
  const port = await freePort();
  const context = await chromium.launchPersistentContext(mkdtempSync(`${folder}/profile-`), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...flags, `--remote-debugging-port=${port}`],
  });
  try {
    const url = await prepare(context);
    for (const form of ['desktop', 'mobile']) {
      const reports = [];
      for (let n = 0; n < runs; n++) reports.push(await look(context, url, port, form));
      const score = (category) => Math.round(100 * median(reports.map(({ categories }) => categories[category].score)));
      const metric = (id) => median(reports.map(({ audits }) => audits[id].numericValue)).toFixed(id === 'cumulative-layout-shift' ? 3 : 0);
      console.log(
        [name.padEnd(15), form.padEnd(8), ...categories.map((category) => `${category} ${score(category)}`.padEnd(18)),
          ...Object.entries(metrics).map(([id, short]) => `${short} ${metric(id)}`)].join('  '),
      );
      for (const category of categories) {
        const enough = score(category) >= least[category];
        counts[enough ? 'passed' : 'failed']++;
        if (!enough) console.log(`    ${category}: ${score(category)}, and ${least[category]} is the least`);
      }
      for (const category of categories.slice(1))
        for (const complaint of complaintsIn(reports.at(-1), category)) console.log(`    ${category}: ${complaint}`);
    }
  } finally {
    await context.close();
  }
}

try {
  await measure('sign-in', () => Promise.resolve(baseUrl));
  await measure('stored session', async (context) => {
    const visitor = { base: baseUrl, page: await context.newPage(), username: `lighthouse-${Date.now().toString(36)}` };
    await register(visitor);
    const id = await storedSession(await tokenOf(visitor), 200);
    await visitor.page.goto('about:blank');
    return new URL(`s/${id}`, baseUrl).href;
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (process.env.STRICT) {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed > 0 ? 1 : 0;
}
