/**
 * A database that does not respond (blocked by another page, a disk that hangs) counts as one that stores nothing, so nobody waits for it forever.
 */
const limit = 5000;

export function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), limit);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
