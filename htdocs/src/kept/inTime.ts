/** A database that does not answer (another page holds it up, a disk that hangs) is one that keeps nothing: nobody waits for it for ever. */
const limit = 5000;

export function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer in time')), limit);
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
