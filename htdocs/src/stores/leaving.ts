/** A log-out that may not have reached the server: until it does, the cookie of that login is valid for the next user of this browser. */
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
    // Storage is blocked: the cookie stays until it expires.
  }
}

/** Throws if the server could not be reached; the log-out is then repeated when the page is opened or the network is back. */
export async function tellLeaving(): Promise<void> {
  rememberLeaving(true);
  await logOut();
  rememberLeaving(false);
}

let finishing: Promise<void> | null = null;

/** Repeats it, if needed. */
export function finishLeaving(): Promise<void> {
  if (!isLeaving()) return Promise.resolve();
  finishing ??= tellLeaving()
    .catch(() => {})
    .finally(() => {
      finishing = null;
    });
  return finishing;
}
