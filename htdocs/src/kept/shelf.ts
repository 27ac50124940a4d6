/**
 * What is too large for localStorage, sealed, in IndexedDB: unsent messages and files. Keys begin with what they are and whose,
 * "outbox/<user>/...". A browser that keeps nothing (a private window, a full disk, a site that is blocked) is not an error:
 * whoever keeps something is told, and has it in memory.
 */
import { inTime } from './inTime';
import { open, seal } from './seal';

const shelf = 'kept';

let database: Promise<IDBDatabase> | null = null;

/** Whether it will be there after a reload. */
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

/** Takes the place of what is there; true: it has, null: nothing is there any more, another tab has dropped it. */
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

/** At the one place in place of the other, at once; whether it will be there after a reload. */
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

/** Everything below this key. */
export async function dropAll(prefix: string): Promise<void> {
  await change((store) => store.delete(below(prefix))).catch(() => undefined);
}

/** null: it cannot be told. */
export async function isKept(key: string): Promise<boolean | null> {
  try {
    return (await read((store) => [store.count(key)]))[0] > 0;
  } catch {
    return null;
  }
}

/** What can be opened of all that is below this key, as it was at one moment; null: it cannot be read. */
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

/** Changes and reads take effect in the order in which they are asked for. */
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

/** Several answers are of one transaction. */
async function read<T extends readonly IDBRequest[]>(ask: (store: IDBObjectStore) => readonly [...T]): Promise<Answers<T>> {
  const store = (await connected()).transaction(shelf, 'readonly').objectStore(shelf);
  return (await inTime(Promise.all(ask(store).map(answerOf)))) as Answers<T>;
}

function connected(): Promise<IDBDatabase> {
  database ??= inTime(connect()).catch((error: unknown) => {
    database = null; // the next one who needs it tries again
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
