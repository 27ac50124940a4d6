/** The page's behaviour if the browser's storage does not respond. kept/shelf.ts with a real database is tested in the browser. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { holdKeys } from './seal';

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  holdKeys([btoa(String.fromCharCode(...new Uint8Array(32).fill(7)))]);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each<[string, unknown]>([
  ['says nothing', { open: () => ({}) }],
  ['is forbidden', { open: () => { throw new DOMException('no', 'SecurityError'); } }],
  ['opens, and then says nothing', {
    open: () => {
      const request = { result: { transaction: () => ({ objectStore: () => ({ put: () => ({}), count: () => ({}), getAll: () => ({}), getAllKeys: () => ({}), delete: () => ({}) }) }) }, onsuccess: () => {} };
      queueMicrotask(() => request.onsuccess());
      return request;
    },
  }],
])('a database that %s: nobody waits for ever, nothing counts as kept, and nothing as gone', async (_, indexedDB) => {
  vi.stubGlobal('indexedDB', indexedDB);
  vi.stubGlobal('IDBKeyRange', { bound: () => ({}) });
  const shelf = await import('./shelf');
  const seal = await import('./seal');
  seal.holdKeys([btoa(String.fromCharCode(...new Uint8Array(32).fill(7)))]);
  const answers = Promise.all([shelf.keep('outbox/1/a', 'a'), shelf.keepChanged('outbox/1/a', 'b'), shelf.isKept('outbox/1/a'), shelf.readKept('outbox/1/'), shelf.drop(['outbox/1/a'])]);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await answers).toEqual([false, false, null, null, undefined]);
});
