/** A log-out that the server may not know of: until it does, the cookie of that login is good, for whoever sits here next. */
import { logOut } from '../api/auth';

const key = 'lamplight.leaving';

export function isLeaving(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

export function rememberLeaving(leaving: boolean): void {
  try {
    if (leaving) localStorage.setItem(key, 'yes');
    else localStorage.removeItem(key);
  } catch {
    // Storage is blocked: the cookie is there until it is too old.
  }
}

/** Throws if the server could not be told; it is then told when the page is opened or the network is back. */
export async function tellLeaving(): Promise<void> {
  rememberLeaving(true);
  await logOut();
  rememberLeaving(false);
}

let finishing: Promise<void> | null = null;

/** Once more, if it is needed. */
export function finishLeaving(): Promise<void> {
  if (!isLeaving()) return Promise.resolve();
  finishing ??= tellLeaving()
    .catch(() => {})
    .finally(() => {
      finishing = null;
    });
  return finishing;
}
