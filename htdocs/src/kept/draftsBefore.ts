/** Drafts as earlier releases stored them: all of a user's in one sealed entry, and before that those of all users in clear text. */
import { open } from './seal';
import { stored } from './stored';

const sealedName = (userId: string): string => `lamplight.drafts/${userId}`;
const clearName = 'lamplight.drafts';

type Drafts = Record<string, string>;

export function draftsFromBefore(userId: string): Drafts {
  return { ...ofUser(inClear(), userId), ...sealed(userId) };
}

/** They are stored in another way now, or no longer wanted. */
export function forgetBefore(userId: string): void {
  const all = inClear();
  const others = Object.fromEntries(Object.entries(all).filter(([key]) => !isOf(key, userId)));
  stored((storage) => storage.removeItem(sealedName(userId)));
  if (Object.keys(all).length === 0) return;
  stored((storage) => {
    if (Object.keys(others).length === 0) storage.removeItem(clearName);
    else storage.setItem(clearName, JSON.stringify({ state: { drafts: others }, version: 0 }));
  });
}

function sealed(userId: string): Drafts {
  const text = stored((storage) => storage.getItem(sealedName(userId)));
  if (typeof text !== 'string') return {};
  const drafts = open(sealedName(userId), Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  return typeof drafts === 'object' && drafts !== null ? (drafts as Drafts) : {};
}

function inClear(): Drafts {
  try {
    const before = JSON.parse(localStorage.getItem(clearName) ?? '{}') as { state?: { drafts?: Drafts } };
    return before.state?.drafts ?? {};
  } catch {
    return {};
  }
}

const isOf = (key: string, userId: string): boolean => key.startsWith(`${userId}/`);

function ofUser(drafts: Drafts, userId: string): Drafts {
  return Object.fromEntries(Object.entries(drafts).filter(([key]) => isOf(key, userId)));
}
