/**
 * Stores what is too large for localStorage, sealed, in IndexedDB: unsent messages and files. Keys begin with the kind and the user,
 * "outbox/<user>/...". A browser that stores nothing (a private window, a full disk, a blocked site) is no error: the caller learns of it, and has
 * the value in memory.
 */
import { inTime } from './inTime';
import { open, seal } from './seal';

const shelf = 'kept';

let database: Promise<IDBDatabase> | null = null;

/** Returns whether it will be there after a reload. */
export async function keep(key: string, value: unknown): Promise<boolean> {
  const sealed = seal(key, value);
  if (sealed === null) return false;
  try {
    await change((store) => store.put(sealed, key));
    return true;
  } catch {
    return false;
  }
}

/** Replaces what is there. true if that succeeded; null if there was nothing, because another tab has deleted it. */
export async function keepChanged(key: string, value: unknown): Promise<boolean | null> {
  const sealed = seal(key, value);
  if (sealed === null) return false;
  let there = false;
  try {
    await change((store) => {
      const asked = store.count(key);
      asked.onsuccess = () => {
        there = asked.result > 0;
        if (there) store.put(sealed, key);
      };
    });
    return there || null;
  } catch {
    return false;
  }
}

/** Moves it from one key to the other in one step; returns whether it will be there after a reload. */
export async function keepMoved(from: string, to: string, value: unknown): Promise<boolean> {
  const sealed = seal(to, value);
  if (sealed === null) return false;
  try {
    await change((store) => {
      store.delete(from);
      store.put(sealed, to);
    });
    return true;
  } catch {
    return false;
  }
}

export async function drop(keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await change((store) => keys.forEach((key) => store.delete(key))).catch(() => undefined);
}

/** Deletes everything below this key. */
export async function dropAll(prefix: string): Promise<void> {
  await change((store) => store.delete(below(prefix))).catch(() => undefined);
}

/** null if it is unknown. */
export async function isKept(key: string): Promise<boolean | null> {
  try {
    return (await read((store) => [store.count(key)]))[0] > 0;
  } catch {
    return null;
  }
}

/** Everything below this key that can be opened, as of one moment; null if it cannot be read. */
export async function readKept(prefix: string): Promise<[key: string, value: unknown][] | null> {
  try {
    const [keys, values] = await read((store) => [store.getAllKeys(below(prefix)), store.getAll(below(prefix))] as const);
    return keys.flatMap((key, n) => {
      const sealed: unknown = values[n];
      const value = typeof key === 'string' && sealed instanceof Uint8Array ? open(key, sealed) : undefined;
      return value === undefined ? [] : [[String(key), value]];
    });
  } catch {
    return null;
  }
}

function below(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

/** Changes and reads take effect in the order of the calls. */
async function change(work: (store: IDBObjectStore) => void): Promise<void> {
  const transaction = (await connected()).transaction(shelf, 'readwrite');
  work(transaction.objectStore(shelf));
  await inTime(
    new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('not kept'));
    }),
  );
}

type Answers<T extends readonly IDBRequest[]> = { [n in keyof T]: T[n] extends IDBRequest<infer R> ? R : never };

/** Several results come from one transaction. */
async function read<T extends readonly IDBRequest[]>(ask: (store: IDBObjectStore) => readonly [...T]): Promise<Answers<T>> {
  const store = (await connected()).transaction(shelf, 'readonly').objectStore(shelf);
  return (await inTime(Promise.all(ask(store).map(answerOf)))) as Answers<T>;
}

function connected(): Promise<IDBDatabase> {
  database ??= inTime(connect()).catch((error: unknown) => {
    database = null; // the next caller tries again
    throw error;
  });
  return database;
}

async function connect(): Promise<IDBDatabase> {
  const request = indexedDB.open('lamplight', 1);
  request.onupgradeneeded = () => request.result.createObjectStore(shelf);
  const opened = await answerOf(request);
  // The browser may close it (its data are cleared), and a newer page may want to change it.
  const forget = (): void => {
    opened.close();
    database = null;
  };
  opened.onclose = forget;
  opened.onversionchange = forget;
  return opened;
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('no answer'));
  });
}
