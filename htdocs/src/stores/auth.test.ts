/** The page's start on a network that does not respond. The browser's tests cover the page with and without a network. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Identity } from '../kept/identity';
import { start, useAuth } from './auth';

const user = { id: '1', username: 'ada' };
const login = { accessToken: 'token', expiresIn: 900, user, storageKeys: ['new'] };
let known: Identity | null;
let answer: (response: Response) => void;

vi.mock('../kept/identity', () => ({ readIdentity: async () => known, keepIdentity: vi.fn(), forgetIdentity: vi.fn() }));

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.setItem('lamplight.login', 'yes');
  useAuth.setState({ phase: 'starting', user: null, offline: false, keys: [] });
  vi.stubGlobal('fetch', () => new Promise((resolve) => (answer = resolve)));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('somebody who is known here is in after eight seconds, and takes up the answer that comes later', async () => {
  known = { user, keys: ['old'] };
  const started = start();
  await vi.advanceTimersByTimeAsync(7900);
  expect(useAuth.getState().phase).toBe('starting');
  await vi.advanceTimersByTimeAsync(200);
  expect(useAuth.getState()).toMatchObject({ phase: 'in', offline: true, user, keys: ['old'] });
  await started;
  answer(Response.json(login));
  await vi.advanceTimersByTimeAsync(0);
  expect(useAuth.getState()).toMatchObject({ phase: 'in', offline: false, keys: ['new'] });
});

test('a log-in that turns out to be over ends what was opened meanwhile', async () => {
  known = { user, keys: ['old'] };
  void start();
  await vi.advanceTimersByTimeAsync(8100);
  expect(useAuth.getState().phase).toBe('in');
  answer(Response.json({ code: 'unauthenticated' }, { status: 401 }));
  await vi.advanceTimersByTimeAsync(0);
  vi.stubGlobal('fetch', async () => Response.json({ code: 'unauthenticated' }, { status: 401 }));
  window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(useAuth.getState().phase).toBe('out');
});

test('somebody who is not known here waits', async () => {
  known = null;
  void start();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(useAuth.getState().phase).toBe('starting');
  answer(Response.json(login));
  await vi.advanceTimersByTimeAsync(0);
  expect(useAuth.getState()).toMatchObject({ phase: 'in', offline: false });
});

test('a page whose server had no answer starts by itself when there is one, and shows why until then', async () => {
  known = { user, keys: ['old'] };
  const answers = [Response.json({ code: 'unavailable' }, { status: 503 }), Response.json({ code: 'unavailable' }, { status: 503 }), Response.json(login)];
  vi.stubGlobal('fetch', async () => answers.shift());
  await start();
  const { phase, notice } = useAuth.getState();
  expect(phase).toBe('unreachable');
  expect(notice).not.toBe('');
  const phases = new Set<string>();
  const stop = useAuth.subscribe((state) => phases.add(state.phase));
  window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(useAuth.getState()).toMatchObject({ phase: 'unreachable', notice });
  expect([...phases]).toEqual(['unreachable']); // nothing flickers
  window.dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(useAuth.getState()).toMatchObject({ phase: 'in', offline: false, keys: ['new'] });
  stop();
});
