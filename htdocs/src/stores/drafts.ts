/**
 * What has been typed and not sent, by user and place. It survives reloads and log-outs; only its user can read it (kept/seal.ts). Each draft is
 * stored by itself: a tab changes only those that are written in it, and a long draft costs nothing while another is typed.
 */
import { create } from 'zustand';
import { open, seal } from '../kept/seal';
import { stored } from '../kept/stored';

interface DraftStore {
  drafts: Record<string, string>;
  /** The browser does not store drafts, because its storage is full or blocked; they last as long as the page is open. */
  unkept: boolean;
  setDraft: (key: string, text: string) => void;
  /** From now on what is at the first place is at the second one, after what is there. */
  moveDraft: (from: string, to: string) => void;
}

export const useDrafts = create<DraftStore>()((set, get) => ({
  drafts: {},
  unkept: false,
  setDraft: (key, text) => {
    set({ drafts: withDraft(get().drafts, key, text) });
    saveInTime(key, text);
  },
  moveDraft: (from, to) => {
    const { drafts } = get();
    const text = [drafts[to], drafts[from]].filter(Boolean).join('\n\n');
    if (drafts[from] === undefined) return;
    set({ drafts: withDraft(withDraft(drafts, to, text), from, '') });
    save(to);
    save(from);
    if (onlyHere.has(to)) save(to); // there may be room now
  },
}));

function withDraft(drafts: Record<string, string>, key: string, text: string): Record<string, string> {
  const { [key]: _, ...others } = drafts;
  return text === '' ? others : { ...others, [key]: text };
}

const prefix = 'lamplight.draft/';
const nameOf = (key: string): string => prefix + key;

/** The drafts of the user who has logged in replace the earlier ones, except those that only this page has. */
export function loadDrafts(userId: string): void {
  saveWaiting(userId);
  const own = Object.entries(useDrafts.getState().drafts).filter(([key]) => userOf(key) === userId && onlyHere.has(key));
  onlyHere.clear();
  useDrafts.setState({ drafts: { ...readAll(userId), ...Object.fromEntries(own) } });
  for (const [key] of own) save(key);
  tellUnkept();
  if (namesBefore(userId).some((name) => stored((storage) => storage.getItem(name)) != null)) void takeOver(userId);
}

/** Where earlier releases stored all drafts of a user, or of everybody, in one entry. */
const namesBefore = (userId: string): string[] => [`lamplight.drafts/${userId}`, 'lamplight.drafts'];

async function takeOver(userId: string): Promise<void> {
  const { draftsFromBefore, forgetBefore } = await import('../kept/draftsBefore');
  const before = draftsFromBefore(userId);
  useDrafts.setState(({ drafts }) => ({ drafts: withBefore(drafts, before) }));
  for (const key of Object.keys(before)) save(key);
  if (Object.keys(before).every((key) => !onlyHere.has(key))) forgetBefore(userId);
}

/** An old page beside this one may have continued in its own way: nothing of either is lost. */
function withBefore(drafts: Record<string, string>, before: Record<string, string>): Record<string, string> {
  const joined = Object.entries(before).map(([key, text]) => {
    const now = drafts[key] ?? '';
    return [key, now.includes(text) ? now : text.includes(now) ? text : `${now}\n\n${text}`] as const;
  });
  return { ...drafts, ...Object.fromEntries(joined) };
}

/** The new chat, by the page's id for it, in which this tab last wrote the draft for a new chat. The draft may also be another tab's. */
let newChat: string | null = null;

export function writtenIn(chatId: string): void {
  newChat = chatId;
}

export function isWrittenIn(chatId: string): boolean {
  return newChat === chatId;
}

/** Another tab has changed this entry of the storage. `held`: the draft that is open in a form here; it stays even if it was deleted there. */
export function followDrafts(userId: string, name: string | null, held: string | null): void {
  if (name === null || !name.startsWith(nameOf(`${userId}/`))) return;
  const key = name.slice(prefix.length);
  const text = read(key);
  if ((text === '' && key === held) || onlyHere.has(key)) return;
  clearTimeout(waiting.get(key));
  waiting.delete(key);
  if (key === draftKey(userId, null)) newChat = null;
  useDrafts.setState(({ drafts }) => ({ drafts: withDraft(drafts, key, text) }));
}

/** Nobody is logged in any more. `forGood`: the user has logged out; otherwise they come back, and what only this page has stays. */
export function leaveDrafts(forGood: boolean): void {
  saveWaiting();
  const { drafts } = useDrafts.getState();
  useDrafts.setState({ drafts: forGood ? {} : Object.fromEntries(Object.entries(drafts).filter(([key]) => onlyHere.has(key))) });
  if (!forGood) return;
  onlyHere.clear();
  tellUnkept();
}

/** Deletes everything of a user, whose account is deleted. */
export function forgetDrafts(userId: string): void {
  leaveDrafts(true);
  for (const name of [...namesOf(userId), `lamplight.drafts/${userId}`]) stored((storage) => storage.removeItem(name));
}

export function draftKey(userId: string, sessionId: string | null): string {
  return `${userId}/${sessionId ?? 'new'}`;
}

/** What was picked for the new chat that has a draft, as JSON (stores/begun.ts). */
export function choiceKey(userId: string): string {
  return `${draftKey(userId, null)}/choice`;
}

/** A message that is being edited, a tool's question that is being answered, or instructions. */
export function draftKeyOf(userId: string, kind: 'edit' | 'answer' | 'instructions', id: string): string {
  return `${userId}/${kind}/${id}`;
}

function userOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}

function namesOf(userId: string): string[] {
  return stored((storage) => Object.keys(storage).filter((name) => name.startsWith(nameOf(`${userId}/`)))) ?? [];
}

function readAll(userId: string): Record<string, string> {
  const keys = namesOf(userId).map((name) => name.slice(prefix.length));
  return Object.fromEntries(keys.map((key) => [key, read(key)] as const).filter(([, text]) => text !== ''));
}

/** Empty if there is none, or if it cannot be opened. */
function read(key: string): string {
  const text = stored((storage) => storage.getItem(nameOf(key)));
  if (typeof text !== 'string') return '';
  const draft = open(nameOf(key), Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  return typeof draft === 'string' ? draft : '';
}

/* ---- storing */

/** A draft of up to this many characters is sealed with each key press; a longer one at these intervals, and when the page is left. */
const short = 4000;
const pause = (text: string): number => Math.max(300, text.length / 500);

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

function saveInTime(key: string, text: string): void {
  if (text.length <= short) save(key);
  else if (!waiting.has(key)) waiting.set(key, setTimeout(() => save(key), pause(text)));
}

/** `userId`: the present user; waiting drafts of another user can no longer be sealed. */
function saveWaiting(userId?: string): void {
  for (const [key, timer] of [...waiting]) {
    if (userId === undefined || userOf(key) === userId) save(key);
    else {
      clearTimeout(timer);
      waiting.delete(key);
    }
  }
}

window.addEventListener('pagehide', () => saveWaiting());
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && saveWaiting());

/** The drafts that the browser has not stored. */
const onlyHere = new Set<string>();

function save(key: string): void {
  clearTimeout(waiting.get(key));
  waiting.delete(key);
  const text = useDrafts.getState().drafts[key] ?? '';
  if (text === '') stored((storage) => storage.removeItem(nameOf(key)));
  if (text === '' || keep(key, text)) onlyHere.delete(key);
  else onlyHere.add(key); // an older version of it is better than nothing
  tellUnkept();
}

function keep(key: string, text: string): boolean {
  const sealed = seal(nameOf(key), text);
  if (sealed === null) return false;
  const written = btoa(Array.from(sealed, (byte) => String.fromCharCode(byte)).join(''));
  return stored((storage) => storage.setItem(nameOf(key), written) ?? true) === true;
}

function tellUnkept(): void {
  const unkept = onlyHere.size > 0;
  if (useDrafts.getState().unkept !== unkept) useDrafts.setState({ unkept });
}
