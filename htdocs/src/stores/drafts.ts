/** What has been typed and not sent, by user and place. Survives reloads and log-outs; only its user can read it (kept/seal.ts). */
import { create } from 'zustand';
import { open, seal } from '../kept/seal';

export interface DraftStore {
  drafts: Record<string, string>;
  setDraft: (key: string, text: string) => void;
}

export const useDrafts = create<DraftStore>()((set, get) => ({
  drafts: {},
  setDraft: (key, text) => {
    const { [key]: _, ...others } = get().drafts;
    set({ drafts: text === '' ? others : { ...others, [key]: text } });
    save(userOf(key));
  },
}));

const name = (userId: string): string => `lamplight.drafts/${userId}`;
/** Where they lay in clear before. */
const nameBefore = 'lamplight.drafts';

/** The drafts of whoever has logged in take the place of what was there. */
export function loadDrafts(userId: string): void {
  const before = inClear();
  const own = ofUser(before, userId);
  useDrafts.setState({ drafts: { ...own, ...read(userId) } });
  if (Object.keys(own).length === 0) return;
  save(userId);
  const others = Object.fromEntries(Object.entries(before).filter(([key]) => userOf(key) !== userId));
  stored((storage) => {
    if (Object.keys(others).length === 0) storage.removeItem(nameBefore);
    else storage.setItem(nameBefore, JSON.stringify({ state: { drafts: others }, version: 0 }));
  });
}

/** Another tab has changed them. */
export function followDrafts(userId: string, changed: string | null): void {
  if (changed === name(userId)) useDrafts.setState({ drafts: read(userId) });
}

/** Nothing of a user's stays: the account is deleted. */
export function forgetDrafts(userId: string): void {
  useDrafts.setState({ drafts: {} });
  stored((storage) => storage.removeItem(name(userId)));
}

export function draftKey(userId: string, sessionId: string | null): string {
  return `${userId}/${sessionId ?? 'new'}`;
}

/** What was picked for the new chat that something is typed for, as JSON (stores/begun.ts). */
export function choiceKey(userId: string): string {
  return `${draftKey(userId, null)}/choice`;
}

/** A message that is being changed, a tool's question that is being answered, or instructions. */
export function draftKeyOf(userId: string, kind: 'edit' | 'answer' | 'instructions', id: string): string {
  return `${userId}/${kind}/${id}`;
}

function userOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function read(userId: string): Record<string, string> {
  const text = stored((storage) => storage.getItem(name(userId)));
  if (typeof text !== 'string') return {};
  const drafts = open(name(userId), Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  return typeof drafts === 'object' && drafts !== null ? (drafts as Record<string, string>) : {};
}

function save(userId: string): void {
  const own = ofUser(useDrafts.getState().drafts, userId);
  stored((storage) => {
    const sealed = seal(name(userId), own);
    if (Object.keys(own).length === 0) storage.removeItem(name(userId));
    else if (sealed !== null) storage.setItem(name(userId), btoa(Array.from(sealed, (byte) => String.fromCharCode(byte)).join('')));
  });
}

/** What was typed when drafts were not sealed yet. */
function inClear(): Record<string, string> {
  try {
    const before = JSON.parse(localStorage.getItem(nameBefore) ?? '{}') as { state?: { drafts?: Record<string, string> } };
    return before.state?.drafts ?? {};
  } catch {
    return {};
  }
}

function ofUser(drafts: Record<string, string>, userId: string): Record<string, string> {
  return Object.fromEntries(Object.entries(drafts).filter(([key]) => userOf(key) === userId));
}

/** Storage may be blocked or full: what is typed is then kept as long as the page is open. */
function stored<T>(work: (storage: Storage) => T): T | undefined {
  try {
    return work(localStorage);
  } catch {
    return undefined;
  }
}
