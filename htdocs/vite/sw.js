// Keeps the page's shell, and nothing else, so that the page opens without a network and shows what waits to be sent. The
// server's answers under api/ never pass through here.
//
// With a network, the page comes from it, so a new deploy appears with the next load, whatever is kept. Scripts and styles
// have a hash in their names, so a kept one is always the right one. Each build keeps its own files, and those of the
// previous build for pages that are still open.

const build = '@BUILD@';
const shell = ['@SHELL@'];
const entry = '@ENTRY@'; // the script that this build's page names

const base = new URL('./', location.href);
/** All Lamplights of an origin share its caches. */
const name = (of) => `lamplight-shell ${base.pathname} ${of}`;
/**
 * How long, in milliseconds, the network may take to deliver a file before the kept one is used; and how long if it has just
 * been too slow.
 */
const patience = 8000;
const littlePatience = 300;
const slowFor = 30_000;
let slowUntil = 0;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOldBuilds()));

async function install() {
  const cache = await caches.open(name(build));
  await Promise.all(shell.map((path) => keep(cache, new URL(path, base).href)));
  await self.skipWaiting();
}

async function keep(cache, url) {
  // Asks the server again, whatever the name: the copy of the browser or of another build may be broken, and if it is not,
  // the answer is short.
  const response = await fetch(url, { cache: 'no-cache' });
  if (response.redirected || !(await isWhole(response, url))) throw new Error(`${url}: ${response.status}`);
  // A deploy may be under way: the page of another build is not kept with the scripts of this one.
  if (isPage(url) && !(await response.clone().text()).includes(entry)) throw new Error(`${url} is of another build`);
  await cache.put(url, response);
}

/**
 * Whether it is neither an error, nor a proxy's page instead of a file, nor a file that was cut off before its first byte.
 */
async function isWhole(response, url) {
  const isHtml = /^text\/html\b/i.test(response.headers.get('content-type') ?? '');
  return response.ok && (!isHtml || isPage(url)) && (await response.clone().blob()).size > 0;
}

const isPage = (url) => url === base.href || url.endsWith('/s/index.html');

async function forgetOldBuilds() {
  const names = (await caches.keys()).filter((each) => each.startsWith(name('')));
  const others = names.filter((each) => each !== name(build)); // the oldest first
  await Promise.all(others.slice(0, -1).map((each) => caches.delete(each)));
  await self.clients.claim();
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return;
  const path = url.pathname.slice(base.pathname.length);
  if (path.startsWith('api/')) return;
  if (request.mode === 'navigate') {
    if (path === '' || path === 'index.html') event.respondWith(networkFirst(request, base.href));
    else if (/^s\/[^/]*\/?$/.test(path)) event.respondWith(networkFirst(request, new URL('s/index.html', base).href));
  } else if (path.startsWith('assets/')) event.respondWith(asset(request));
  else if (shell.includes(`./${path}`)) event.respondWith(networkFirst(request, request.url));
});

/** The file that this build has kept, if the network does not deliver it. */
async function networkFirst(request, kept) {
  const fresh = fetch(request);
  try {
    return await inTime(fresh);
  } catch {
    const response = await (await caches.open(name(build))).match(kept, { ignoreVary: true });
    return response ?? fresh;
  }
}

function inTime(fresh) {
  return new Promise((resolve, reject) => {
    const isLate = () => {
      slowUntil = Date.now() + slowFor;
      reject();
    };
    const timer = setTimeout(isLate, Date.now() < slowUntil ? littlePatience : patience);
    void fresh.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What was loaded once is available without a network, too. */
async function asset(request) {
  const { href } = new URL(request.url);
  const kept = (await caches.match(href, { ignoreVary: true, cacheName: name(build) })) ?? (await caches.match(href, { ignoreVary: true }));
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok && response.type === 'basic') {
    const copy = response.clone();
    void putWhole(href, copy).catch(() => undefined);
  }
  return response;
}

async function putWhole(url, response) {
  if (await isWhole(response, url)) await (await caches.open(name(build))).put(url, response);
}
