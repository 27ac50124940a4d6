/**
 * The user of a page that opens without a network: their name, and the keys of what they have not sent yet (kept/seal.ts), as long as they are logged
 * in here. The keys are encrypted under one that no script can read (a CryptoKey that cannot be exported), and everything is deleted at log-out. This
 * needs TLS, as does the service worker that opens such a page.
 */
import type { User } from '../api/token';
import { inTime } from './inTime';

export interface Identity {
  user: User;
  keys: readonly string[];
}

const name = 'lamplight-offline';
const shelf = 'identity';
/** After this time a log-in that was not used is over anyway, in milliseconds. */
const longest = 30 * 24 * 3600 * 1000;

interface Kept {
  key: CryptoKey;
  nonce: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
  time: number;
}

/** How often a user was forgotten: anything that arrives later is not stored. */
let forgotten = 0;

/** In sequence, so that the last value stays. A request that hangs blocks the others only briefly: a user who logs out is forgotten. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<T>(work: () => Promise<T>): Promise<T | null> {
  const result = last.then(() => inTime(work())).catch(() => null);
  last = result;
  return result;
}

export function keepIdentity(identity: Identity): void {
  if (!globalThis.isSecureContext || identity.keys.length === 0) return;
  const before = forgotten;
  void inTurn(async () => {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, new TextEncoder().encode(JSON.stringify(identity)));
    if (forgotten === before) await using((store) => store.put({ key, nonce, sealed, time: Date.now() } satisfies Kept, 'last'), 'readwrite');
  });
}

export function forgetIdentity(): void {
  forgotten += 1;
  void inTurn(async () => {
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = request.onerror = request.onblocked = resolve;
    });
  });
}

/** null if nobody is logged in here, or if it is unknown. */
export function readIdentity(): Promise<Identity | null> {
  return inTurn(async () => {
    const kept = (await using((store) => store.get('last') as IDBRequest<Kept | undefined>, 'readonly')) as Kept | undefined;
    if (kept === undefined || Math.abs(Date.now() - kept.time) > longest) return null;
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: kept.nonce }, kept.key, kept.sealed);
    return JSON.parse(new TextDecoder().decode(opened)) as Identity;
  });
}

async function using<T>(work: (store: IDBObjectStore) => IDBRequest<T>, mode: IDBTransactionMode): Promise<T> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(shelf);
  const database = await answerOf(request);
  try {
    return await answerOf(work(database.transaction(shelf, mode).objectStore(shelf)));
  } finally {
    database.close();
  }
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no answer'));
  });
}
