/** Storage may be blocked or full; then this is undefined, and what was to be kept is there as long as the page is open. */
export function stored<T>(work: (storage: Storage) => T): T | undefined {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
}
