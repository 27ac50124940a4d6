import { beforeEach, expect, test, vi } from 'vitest';

const user = { id: '1', username: 'ada' };
const login = { accessToken: 'a', expiresIn: 900, user };
const credentials = { username: 'ada', password: 'a' };
const leaving = (): string | null => localStorage.getItem('lamplight.leaving');

/** The requests to the server, and its answer to a log-out. */
let asked: string[];
let answer: () => Response;

/** Opens the page. */
async function open() {
  vi.resetModules();
  const auth = await import('./auth');
  await auth.start();
  await new Promise((resolve) => setTimeout(resolve));
  return auth;
}

beforeEach(() => {
  localStorage.clear();
  asked = [];
  answer = () => new Response(null, { status: 204 });
  vi.stubGlobal('fetch', async (url: string) => {
    const what = String(url).split('/').pop() ?? '';
    asked.push(what);
    return what === 'logout' ? answer() : Response.json(login);
  });
});

test('a log-out that the server knows of is over', async () => {
  const auth = await open();
  await auth.logIn(credentials);
  await auth.logOut();
  expect(leaving()).toBeNull();
  await open();
  expect(asked).toEqual(['login', 'logout']);
});

test.each([
  ['cannot be reached', () => { throw new TypeError('offline'); }],
  ['fails', () => Response.json({ code: 'database' }, { status: 503 })],
])('while the server %s a log-out waits, and is told when the page is opened', async (_, failure) => {
  answer = failure;
  const auth = await open();
  await auth.logIn(credentials);
  await expect(auth.logOut()).rejects.toThrow();
  expect(auth.useAuth.getState().phase).toBe('out');
  await open();
  expect(leaving()).not.toBeNull();
  answer = () => new Response(null, { status: 204 });
  const again = await open();
  expect(again.useAuth.getState().phase).toBe('out');
  expect(leaving()).toBeNull();
  expect(asked).toEqual(['login', 'logout', 'logout', 'logout']);
});

test('it is told before somebody else logs in, whose login it leaves alone', async () => {
  const auth = await open();
  await auth.logIn(credentials);
  answer = () => { throw new TypeError('offline'); };
  await auth.logOut().catch(() => {});
  await auth.logIn(credentials);
  expect(asked).toEqual(['login', 'logout', 'logout', 'login']);
  expect(leaving()).toBeNull();
  const again = await open();
  expect(again.useAuth.getState().phase).toBe('in');
  expect(asked).toEqual(['login', 'logout', 'logout', 'login', 'refresh']);
});

test('the page was closed before the server had answered: it is told again, and nobody is logged in', async () => {
  const auth = await open();
  await auth.logIn(credentials);
  localStorage.setItem('lamplight.leaving', 'yes');
  const again = await open();
  expect(again.useAuth.getState().phase).toBe('out');
  expect(asked).toEqual(['login', 'logout']);
  expect(auth.mayBeLoggedIn()).toBe(false);
});

test('it is told when the network is back', async () => {
  localStorage.setItem('lamplight.leaving', 'yes');
  answer = () => { throw new TypeError('offline'); };
  await open();
  expect(leaving()).not.toBeNull();
  answer = () => new Response(null, { status: 204 });
  window.dispatchEvent(new Event('online'));
  await vi.waitFor(() => expect(leaving()).toBeNull());
});
