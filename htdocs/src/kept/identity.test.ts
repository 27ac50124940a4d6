/** The page's behaviour if the browser's storage does not respond. kept/identity.ts with a real database is tested in the browser. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const ada = { user: { id: '1', username: 'ada' }, keys: ['a2V5'] };
let deleted: number;

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal('isSecureContext', true);
  deleted = 0;
  vi.stubGlobal('indexedDB', {
    open: vi.fn(() => ({})),
    deleteDatabase: () => {
      deleted += 1;
      const request = { onsuccess: () => {} };
      queueMicrotask(() => request.onsuccess());
      return request;
    },
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test('a database that does not open holds up no log-out, and nobody is known', async () => {
  const { readIdentity, forgetIdentity } = await import('./identity');
  const known = readIdentity();
  forgetIdentity();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await known).toBeNull();
  expect(deleted).toBe(1);
});

test('who is to be kept, and has logged out before that was done, is not kept', async () => {
  let made: (key: unknown) => void = () => {};
  vi.spyOn(crypto.subtle, 'generateKey').mockImplementation((() => new Promise((resolve) => (made = resolve))) as never);
  const encrypt = vi.spyOn(crypto.subtle, 'encrypt').mockResolvedValue(new ArrayBuffer(8));
  const { keepIdentity, forgetIdentity } = await import('./identity');
  keepIdentity(ada);
  forgetIdentity();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(deleted).toBe(1);
  made({});
  await vi.advanceTimersByTimeAsync(100);
  expect(encrypt).toHaveBeenCalled();
  expect(indexedDB.open).not.toHaveBeenCalled();
});
