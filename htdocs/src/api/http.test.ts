import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { authorizedFetch, linkedQuery, whenLoginIsOver } from './http';
import { UnreachableError } from './problem';
import { forgetLogin, keepLogin } from './token';

const user = { id: '1', username: 'ada' };
const login = (accessToken: string) => ({ accessToken, expiresIn: 900, user });
const server = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const bearer = (init: RequestInit) => new Headers(init.headers).get('authorization');

beforeEach(() => {
  forgetLogin();
  server.mockReset();
  vi.stubGlobal('fetch', server);
});
afterEach(() => vi.unstubAllGlobals());

test('many requests without a token share one refresh', async () => {
  server.mockImplementation(async (url) => (url === '/api/auth/refresh' ? json(login('new')) : json([])));
  await Promise.all([authorizedFetch('/api/a'), authorizedFetch('/api/b'), authorizedFetch('/api/c')]);
  expect(server.mock.calls.filter(([url]) => url === '/api/auth/refresh')).toHaveLength(1);
});

test('the answer that was asked for ahead is taken, once', async () => {
  window.lamplightRefresh = Promise.resolve(json(login('ahead')));
  server.mockImplementation(async (url) => (url === '/api/auth/refresh' ? json(login('later')) : json([])));
  await authorizedFetch('/api/a');
  expect(server.mock.calls.map(([url, init]) => [url, bearer(init)])).toEqual([['/api/a', 'Bearer ahead']]);
  forgetLogin();
  await authorizedFetch('/api/b');
  expect(bearer(server.mock.lastCall?.[1] ?? {})).toBe('Bearer later');
});

test('a refused token is replaced once and the request is repeated', async () => {
  keepLogin(login('old'));
  server.mockImplementation(async (url, init) => {
    if (url === '/api/auth/refresh') return json(login('new'));
    return bearer(init) === 'Bearer new' ? json('done') : json({}, 401);
  });
  expect(await (await authorizedFetch('/api/a')).json()).toBe('done');
});

test('a token that nobody accepts is not replaced for ever, and ends the login', async () => {
  const over = vi.fn();
  whenLoginIsOver(over);
  keepLogin(login('old'));
  server.mockImplementation(async (url) => (url === '/api/auth/refresh' ? json(login('new')) : json({ detail: 'no' }, 401)));
  await expect(authorizedFetch('/api/a')).rejects.toMatchObject({ status: 401, message: 'No.' });
  expect(server).toHaveBeenCalledTimes(3);
  expect(over).toHaveBeenCalledOnce();
});

test('a server that is away does not end the login', async () => {
  const over = vi.fn();
  whenLoginIsOver(over);
  server.mockRejectedValue(new TypeError('Failed to fetch'));
  await expect(authorizedFetch('/api/a')).rejects.toBeInstanceOf(UnreachableError);
  expect(over).not.toHaveBeenCalled();
});

test('finds the query of a linked page', () => {
  const header = '</api/x?before=7&limit=50>; rel="prev", </api/x?cursor=a%3Db>; rel="next"';
  expect(linkedQuery(header, 'prev')).toBe('?before=7&limit=50');
  expect(linkedQuery(header, 'next')).toBe('?cursor=a%3Db');
  expect(linkedQuery(header, 'last')).toBeNull();
  expect(linkedQuery(null, 'next')).toBeNull();
});
