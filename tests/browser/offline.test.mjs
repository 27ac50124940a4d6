// Without a network the page still opens, shows the messages that wait, and sends each of them once when the network is back.
// For that the browser keeps only the shell, never an older one than necessary, and nothing of a user who has logged out. The
// page can also be installed.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { contrastViolations, violations } from './access.mjs';
import { ask, baseUrl, composer, launch, logIn, newSession, newVisitor, register, replyEnded, sessionIdOf, shot, write } from './browser.mjs';
import { call, tokenOf } from './seed.mjs';

let browser;
let ada;

before(async () => {
  browser = await launch();
  ada = await newVisitor(browser, { serviceWorkers: 'allow' });
});
after(async () => {
  assert.deepEqual(ada.complaints, []);
  await browser.close();
});

const mine = (page) => page.getByRole('article', { name: 'You' });
const unsentChats = (page) => page.getByRole('region', { name: 'Not sent' }).getByRole('button');
const note = (page) => page.getByRole('status').filter({ hasText: 'You’re offline.' });

/** Waits until the shell is stored and requests pass the worker. */
const kept = (page) => page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated' && navigator.serviceWorker.controller !== null);

const caches_ = (page) => page.evaluate(async () => Promise.all((await caches.keys()).map(async (name) => [name, (await (await caches.open(name)).keys()).map(({ url }) => url)])));

async function storedTexts(sessionId) {
  const stored = await (await call('GET', `ai/sessions/${sessionId}/messages`, await tokenOf(ada))).json();
  return stored.filter(({ role }) => role === 'user').map(({ parts }) => parts.find(({ type }) => type === 'text')?.text);
}

async function eventually(check, what) {
  for (let n = 0; n < 600; n++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(what);
}

let first;

test('the page opens without a network, with what waits to be sent and room to write more', async () => {
  const { page, context } = ada;
  await register(ada);
  await ask(page, 'Said while there was a network');
  first = sessionIdOf(page);
  await kept(page);
  await context.setOffline(true);
  await write(page, 'A second question, in a tunnel');
  await mine(page).filter({ hasText: 'Not sent.' }).waitFor();

  await page.goto(baseUrl);
  await note(page).waitFor();
  await composer(page).waitFor();
  await write(page, 'A new chat, in a tunnel');
  await mine(page).filter({ hasText: 'Not sent.' }).getByText('A new chat, in a tunnel').waitFor();
  await page.reload();
  await mine(page).getByText('A new chat, in a tunnel').waitFor();
  await unsentChats(page).filter({ hasText: 'A second question' }).click();
  await mine(page).getByText('A second question, in a tunnel').waitFor();
  assert.equal(sessionIdOf(page), first);
  await page.reload(); // the address of a chat
  await mine(page).getByText('A second question, in a tunnel').waitFor();
  await page.goto(baseUrl);
  await mine(page).getByText('A new chat, in a tunnel').waitFor();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 860 });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await shot(page, `offline-${width}-${colorScheme}`);
      assert.deepEqual(await contrastViolations(page), []);
    }
  }
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.emulateMedia({ colorScheme: 'light' });
  assert.deepEqual(await violations(page), []);
});

test('all of it goes out, once, when the network is back', async () => {
  const { page, context } = ada;
  await context.setOffline(false);
  await note(page).waitFor({ state: 'detached' });
  await replyEnded(page);
  const second = sessionIdOf(page);
  await eventually(async () => (await storedTexts(first)).length === 2, 'the second question has not gone out');
  assert.deepEqual(await storedTexts(first), ['Said while there was a network', 'A second question, in a tunnel']);
  assert.deepEqual(await storedTexts(second), ['A new chat, in a tunnel']);
  assert.equal(await unsentChats(page).count(), 0);
  const sessions = await (await call('GET', 'ai/sessions', await tokenOf(ada))).json();
  assert.equal(sessions.length, 2);
});

test('what is kept is the shell, and nothing of the API', async () => {
  const { page } = ada;
  const all = await caches_(page);
  assert.equal(all.length, 1);
  const paths = all.flatMap(([, urls]) => urls).map((url) => url.slice(baseUrl.length));
  assert.ok(paths.length > 8, `${paths.length} files`);
  for (const path of paths) assert.match(path, /^($|s\/index\.html$|first\.js$|favicon\.svg$|manifest\.json$|assets\/)/);
});

test('after logging out the page shows no user, even without a network', async () => {
  const { page, context } = ada;
  await context.setOffline(true);
  await newSession(page);
  await write(page, 'For my eyes only');
  await mine(page).filter({ hasText: 'Not sent.' }).waitFor();
  await context.route('**/api/ai/chat', (route) => route.abort('connectionrefused'));
  await context.setOffline(false);
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  await eventually(async () => (await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).every((name) => name !== 'lamplight-offline'), 'somebody is still known');
  await context.setOffline(true);
  await page.reload();
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  assert.equal(await page.getByText('For my eyes only').count(), 0);
  await context.setOffline(false);
  await context.unroute('**/api/ai/chat');
  await logIn(ada);
  await mine(page).getByText('For my eyes only').waitFor();
});

/** A site that serves another build each time; its page says which. */
async function deploys() {
  const site = { version: 1 };
  const server = createServer(async (request, response) => {
    const { pathname, search, origin } = new URL(request.url, baseUrl);
    const path = `${origin}${pathname}${search}`;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { host: _, connection: __, 'accept-encoding': ___, ...headers } = request.headers;
    const answer = await fetch(path, { method: request.method, headers, ...(chunks.length > 0 && { body: Buffer.concat(chunks) }), redirect: 'manual' });
    let body = Buffer.from(await answer.arrayBuffer());
    if (pathname.endsWith('/sw.js')) body = Buffer.from(body.toString().replace(/const build = '\w+'/, `const build = 'build${site.version}'`));
    else if (answer.headers.get('content-type')?.startsWith('text/html')) body = Buffer.from(body.toString().replace('<head>', `<head><meta name="deploy" content="${site.version}">`));
    const given = [...answer.headers].filter(([name]) => !['content-length', 'content-encoding', 'transfer-encoding', 'connection', 'etag', 'last-modified', 'keep-alive', 'set-cookie'].includes(name));
    response.writeHead(answer.status, [...given, ...answer.headers.getSetCookie().map((cookie) => ['set-cookie', cookie])].flat());
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.base = new URL(new URL(baseUrl).pathname, `http://127.0.0.1:${server.address().port}`).href;
  site.close = () => server.close() && server.closeAllConnections();
  return site;
}

test('a new deploy is there with the next load, and what was kept of old ones goes', async () => {
  const site = await deploys();
  const eve = await newVisitor(browser, { base: site.base, serviceWorkers: 'allow' });
  const { page, context } = eve;
  const shown = () => page.locator('meta[name=deploy]').getAttribute('content');
  const settled = () => page.evaluate(async () => {
    const { installing, waiting, active } = await navigator.serviceWorker.getRegistration();
    return installing === null && waiting === null && active.state === 'activated';
  });
  const shellOf = (version) => `lamplight-shell ${new URL(site.base).pathname} build${version}`;
  const builds = async () => (await caches_(page)).map(([name]) => name);
  try {
    await page.goto(site.base);
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await kept(page);
    for (const version of [2, 3]) {
      site.version = version;
      await page.reload();
      assert.equal(await shown(), String(version), 'at once');
      await eventually(async () => (await builds()).at(-1) === shellOf(version), `build ${version} is not kept`);
      await eventually(settled, `build ${version} is not in force`);
    }
    await eventually(async () => (await builds()).length === 2, 'old builds are still there');
    assert.deepEqual(await builds(), [shellOf(2), shellOf(3)]);
    await kept(page);
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    assert.equal(await shown(), '3');
    assert.deepEqual(eve.complaints, []);
  } finally {
    await context.close();
    site.close();
  }
});

test('the page can be installed, from wherever it is opened', async () => {
  const { page, context } = ada;
  for (const address of [baseUrl, new URL(`s/${first}`, baseUrl).href]) {
    await page.goto(address);
    await composer(page).waitFor();
    const devtools = await context.newCDPSession(page);
    const { url, errors, data } = await devtools.send('Page.getAppManifest');
    assert.equal(url, new URL('manifest.json', baseUrl).href);
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data);
    assert.equal(new URL(manifest.start_url, url).href, baseUrl);
    assert.equal(new URL(manifest.scope, url).href, baseUrl);
    const { installabilityErrors } = await devtools.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'), []);
    for (const { src, sizes, type } of manifest.icons) {
      const size = await page.evaluate(async (icon) => {
        const response = await fetch(icon);
        const { width, height } = icon.endsWith('.svg') ? { width: 'any' } : await createImageBitmap(await response.blob());
        return [response.headers.get('content-type').split(';')[0], height === undefined ? width : `${width}x${height}`];
      }, new URL(src, url).href);
      assert.deepEqual(size, [type, sizes], src);
    }
    assert.equal(await page.evaluate(async () => (await fetch(document.querySelector('link[rel=apple-touch-icon]').href)).status), 200);
  }
});
