/**
 * Files that wait to be sent, by user and session like drafts; they survive a reload (kept/shelf.ts). Each is stored by itself, so that tabs can add
 * and remove files independently; other tabs are notified.
 */
import type { FileUIPart } from 'ai';
import { create } from 'zustand';
import { drop, dropAll, keep, keepMoved, readKept } from '../kept/shelf';
import { tellOtherTabs, whenOtherTabActs } from './otherTabs';

interface AttachmentStore {
  files: Record<string, FileUIPart[]>;
  put: (key: string, files: FileUIPart[]) => void;
  remove: (key: string, ...gone: FileUIPart[]) => void;
  /** From now on everything at the first place is at the second one, after what is there. */
  move: (from: string, to: string) => void;
}

export const useAttachments = create<AttachmentStore>()((set, get) => {
  const at = (key: string): FileUIPart[] => get().files[key] ?? [];
  return {
    files: {},
    put: (key, more) => {
      changes++;
      set({ files: withFiles(get().files, key, [...at(key), ...more]) });
      void changeKept(key, ...more.map((file) => keepOne(key, file)));
    },
    remove: (key, ...gone) => {
      const [there, left] = [at(key).filter((each) => gone.includes(each)), at(key).filter((each) => !gone.includes(each))];
      if (there.length === 0) return;
      changes++;
      for (const file of there) kept.delete(file);
      set({ files: withFiles(get().files, key, left) });
      void changeKept(key, dropThose(key, there));
    },
    move: (from, to) => {
      const there = new Set(at(to).map(idOf));
      const moved = at(from).filter((file) => !there.has(idOf(file)));
      if (at(from).length === 0) return;
      changes++;
      set({ files: withFiles(withFiles(get().files, to, [...at(to), ...moved]), from, []) });
      void changeKept(to, ...moved.map((file) => moveOne(from, to, file))).then(() => tellOtherTabs(from, { kind: 'files' }));
    },
  };
});

function withFiles(all: Record<string, FileUIPart[]>, key: string, files: FileUIPart[]): Record<string, FileUIPart[]> {
  const { [key]: _, ...others } = all;
  return files.length === 0 ? others : { ...others, [key]: files };
}

/* ---- storage */

const prefix = 'files/';
/** The name of each file, which sorts them in the order in which they were added. */
const ids = new WeakMap<FileUIPart, string>();
/** The files that the browser has stored. If one of these disappears, another tab has sent or removed it. */
const kept = new WeakSet<FileUIPart>();
let counted = 0;
/** Counts this tab's changes: what was read during one is out of date. */
let changes = 0;

function idOf(file: FileUIPart): string {
  const id = ids.get(file) ?? `${Date.now().toString(36).padStart(9, '0')}-${String(counted++).padStart(4, '0')}-${Math.random().toString(36).slice(2, 8)}`;
  ids.set(file, id);
  return id;
}

const place = (key: string, file: FileUIPart): string => `${prefix}${key}/${idOf(file)}`;

async function keepOne(key: string, file: FileUIPart): Promise<void> {
  if (await keep(place(key, file), file)) kept.add(file);
}

/** It is at the old place or at the new one: never at both, never at neither. */
async function moveOne(from: string, to: string, file: FileUIPart): Promise<void> {
  kept.delete(file);
  if (await keepMoved(place(from, file), place(to, file), file)) kept.add(file);
}

const dropThose = (key: string, files: FileUIPart[]): Promise<void> => drop(files.map((file) => place(key, file)));

async function changeKept(key: string, ...changes: Promise<void>[]): Promise<void> {
  await Promise.all(changes);
  tellOtherTabs(key, { kind: 'files' });
}

whenOtherTabActs((key, { kind }) => {
  if (kind === 'files' && user !== null && key.startsWith(`${user}/`)) void readFiles(key);
});

let user: string | null = null;

/** Loads the files of the user who has logged in; those of another user leave memory. */
export async function loadAttachments(userId: string): Promise<void> {
  user = userId;
  useAttachments.setState(({ files }) => ({ files: Object.fromEntries(Object.entries(files).filter(([key]) => key.startsWith(`${userId}/`))) }));
  await readFiles(userId);
}

/** Reads what is stored at this place, or for this user, besides what only this page has. */
async function readFiles(below: string): Promise<void> {
  let all: Awaited<ReturnType<typeof readKept>>;
  let before: number;
  do {
    before = changes;
    all = await readKept(`${prefix}${below}/`);
  } while (changes !== before);
  if (all === null) return;
  const found: Record<string, Map<string, FileUIPart>> = {};
  for (const [name, value] of all) {
    const path = name.slice(prefix.length);
    const slash = path.lastIndexOf('/');
    // The form of earlier releases: all files of a place in one entry.
    if (Array.isArray(value)) takeOver(name, path, value as FileUIPart[]);
    else (found[path.slice(0, slash)] ??= new Map()).set(path.slice(slash + 1), value as FileUIPart);
  }
  const { files } = useAttachments.getState();
  const keys = new Set([...Object.keys(found), ...Object.keys(files).filter((key) => key === below || key.startsWith(`${below}/`))]);
  let next = files;
  for (const key of keys) next = withFiles(next, key, merged(files[key] ?? [], found[key] ?? new Map()));
  useAttachments.setState({ files: next });
}

/** An existing file stays the same object, because its sender removes it by identity. */
function merged(shown: FileUIPart[], found: Map<string, FileUIPart>): FileUIPart[] {
  const still = shown.filter((file) => found.has(idOf(file)) || !kept.has(file));
  const known = new Set(still.map(idOf));
  const others = [...found].filter(([id]) => !known.has(id));
  for (const [id, file] of others) {
    ids.set(file, id);
    kept.add(file);
  }
  return [...others.map(([, file]) => file), ...still].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** With names that another tab also gives them. */
function takeOver(name: string, key: string, files: FileUIPart[]): void {
  files.forEach((file, n) => ids.set(file, `000000000-${String(n).padStart(4, '0')}`));
  useAttachments.getState().put(key, files.filter((file) => !(useAttachments.getState().files[key] ?? []).some((other) => idOf(other) === idOf(file))));
  void Promise.all(files.map((file) => keepOne(key, file))).then(() => (files.every((file) => kept.has(file)) ? drop([name]) : undefined));
}

/** Nobody is logged in any more. `forGood`: the user has logged out; otherwise the files wait for them. */
export function leaveAttachments(forGood: boolean): void {
  user = null;
  if (forGood) useAttachments.setState({ files: {} });
}

/** Whether a file would be lost with the page. */
export function hasUnkeptFiles(): boolean {
  return Object.values(useAttachments.getState().files).some((files) => files.some((file) => !kept.has(file)));
}

/** Deletes everything of a user, whose account is deleted. */
export function forgetAttachments(userId: string): Promise<void> {
  leaveAttachments(true);
  return dropAll(`${prefix}${userId}/`);
}
