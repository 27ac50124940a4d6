/** Runs vite/sw.js as browsers do, with a network and a CacheStorage that obey the test. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

type Answer = Response | Promise<Response>;

const entry = 'assets/main-1.js';
const source = (build: string): string =>
  readFileSync('vite/sw.js', 'utf8').replace('@BUILD@', build).replace("['@SHELL@']", JSON.stringify(['./', './first.js', './assets/main-1.js'])).replace('@ENTRY@', entry);

const html = (): Response => new Response(`<script src="./${entry}"></script>`, { headers: { 'content-type': 'text/html' } });
const script = (text = 'run()'): Response => new Response(text, { headers: { 'content-type': 'text/javascript' } });
const never = (): Promise<Response> => new Promise(() => {});

let stored: Map<string, Map<string, Response>>;
let network: (path: string, init?: RequestInit) => Answer;
let asked: [path: string, cache: RequestCache | undefined][];

const caches = {
  keys: async () => [...stored.keys()],
  delete: async (name: string) => stored.delete(name),
  open: async (name: string) => {
    const files = stored.get(name) ?? new Map<string, Response>();
    stored.set(name, files);
    return { match: async (url: string) => files.get(url)?.clone(), put: async (url: string, response: Response) => void files.set(url, response) };
  },
  match: async (url: string, { cacheName }: { cacheName?: string } = {}) =>
    [...stored].filter(([name]) => cacheName === undefined || name === cacheName).map(([, files]) => files.get(url)).find((each) => each !== undefined)?.clone(),
};

/** The worker of a Lamplight at this address. */
function worker(at: string, build = 'b1') {
  const listeners: Record<string, (event: object) => void> = {};
  const self = { addEventListener: (type: string, listener: () => void) => void (listeners[type] = listener), skipWaiting: async () => {}, clients: { claim: async () => {} } };
  const fetch = async (what: string | { url: string }, init?: RequestInit): Promise<Response> => {
    const path = (typeof what === 'string' ? what : what.url).slice(at.length);
    asked.push([path, init?.cache]);
    const response = await network(path);
    return Object.defineProperty(response, 'type', { value: 'basic' });
  };
  new Function('self', 'caches', 'fetch', 'location', source(build))(self, caches, fetch, { href: `${at}sw.js` });
  const wait = (type: string): Promise<void> => new Promise((resolve, reject) => listeners[type]?.({ waitUntil: (work: Promise<void>) => work.then(resolve, reject) }));
  return {
    install: () => wait('install'),
    activate: () => wait('activate'),
    fetch: (path: string, mode = 'no-cors'): Promise<string> =>
      new Promise((resolve, reject) => {
        listeners['fetch']?.({ request: { method: 'GET', url: `${at}${path}`, mode }, respondWith: (answer: Promise<Response>) => answer.then((response) => response.text()).then(resolve, reject) });
      }),
  };
}

const root = 'https://example.org/';
const kept = (): string[] => [...stored.values()].flatMap((files) => [...files.keys()]);

beforeEach(() => {
  stored = new Map();
  asked = [];
  network = (path) => (path === '' ? html() : script());
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

test('an installation asks for every file, and takes none from elsewhere', async () => {
  stored.set('lamplight-shell / b0', new Map([[`${root}${entry}`, script('broken(')]]));
  const sw = worker(root);
  await sw.install();
  expect(asked).toEqual([['', 'no-cache'], ['first.js', 'no-cache'], [entry, 'no-cache']]);
  network = never;
  expect(await sw.fetch(entry)).toBe('run()');
});

test.each<[string, () => Response]>([
  ['the page of a proxy', html],
  ['empty', () => script('')],
  ['an error', () => new Response('no', { status: 502 })],
])('a script that is %s is not kept', async (_, bad) => {
  network = (path) => (path === '' ? html() : path === entry ? bad() : script());
  const sw = worker(root);
  await expect(sw.install()).rejects.toThrow(entry);
  await sw.fetch(entry);
  await vi.advanceTimersByTimeAsync(10);
  expect(kept()).not.toContain(`${root}${entry}`);
  network = () => script();
  expect(await sw.fetch(entry)).toBe('run()');
  await vi.waitFor(() => expect(kept()).toContain(`${root}${entry}`));
});

test('two Lamplights of an origin leave each other what they have kept', async () => {
  for (const build of ['b1', 'b2', 'b3']) {
    for (const at of [root, `${root}chat/`]) {
      const sw = worker(at, build);
      await sw.install();
      await sw.activate();
    }
  }
  expect([...stored.keys()].sort()).toEqual(['lamplight-shell / b2', 'lamplight-shell / b3', 'lamplight-shell /chat/ b2', 'lamplight-shell /chat/ b3']);
});

test('a network that hangs is waited for once', async () => {
  const sw = worker(root);
  await sw.install();
  network = never;
  const took = async (answer: Promise<string>): Promise<number> => {
    const before = Date.now();
    let at: number | null = null;
    void answer.then(() => (at = Date.now()));
    while (at === null) await vi.advanceTimersByTimeAsync(100);
    return at - before;
  };
  expect(await took(sw.fetch('', 'navigate'))).toBe(8000);
  expect(await took(sw.fetch('first.js'))).toBe(300);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await took(sw.fetch('', 'navigate'))).toBe(8000);
});

test('a network that answers is not taken for one that hangs, later on', async () => {
  const sw = worker(root);
  await sw.install();
  await sw.fetch('', 'navigate');
  await vi.advanceTimersByTimeAsync(8100);
  network = () => new Promise((resolve) => setTimeout(() => resolve(script('fresh()')), 1000));
  const answer = sw.fetch('first.js');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await answer).toBe('fresh()');
});
