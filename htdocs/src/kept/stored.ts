/** Storage may be blocked or full; the result is then undefined, and the value lasts only as long as the page is open. */
export function stored<T>(work: (storage: Storage) => T): T | undefined {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
}
