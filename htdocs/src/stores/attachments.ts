/** Files that wait to be sent, by user and session as drafts are; they outlive the page (kept/shelf.ts). */
import type { FileUIPart } from 'ai';
import { create } from 'zustand';
import { drop, dropAll, keep, readKept } from '../kept/shelf';

export interface AttachmentStore {
  files: Record<string, FileUIPart[]>;
  put: (key: string, files: FileUIPart[]) => void;
  remove: (key: string, ...gone: FileUIPart[]) => void;
}

export const useAttachments = create<AttachmentStore>()((set, get) => {
  const become = (key: string, files: FileUIPart[]): void => {
    const { [key]: _, ...others } = get().files;
    set({ files: files.length === 0 ? others : { ...others, [key]: files } });
    void (files.length === 0 ? drop([place(key)]) : keep(place(key), files));
  };
  return {
    files: {},
    put: (key, more) => become(key, [...(get().files[key] ?? []), ...more]),
    remove: (key, ...gone) => become(key, (get().files[key] ?? []).filter((each) => !gone.includes(each))),
  };
});

const prefix = 'files/';
const place = (key: string): string => prefix + key;

/** The files of whoever has logged in take the place of what was there. */
export async function loadAttachments(userId: string): Promise<void> {
  useAttachments.setState({ files: {} });
  const kept = (await readKept(`${prefix}${userId}/`)) ?? [];
  useAttachments.setState(({ files }) => ({
    files: { ...Object.fromEntries(kept.map(([key, value]) => [key.slice(prefix.length), value as FileUIPart[]])), ...files },
  }));
}

/** Nothing of a user's stays: the account is deleted. */
export function forgetAttachments(userId: string): Promise<void> {
  useAttachments.setState({ files: {} });
  return dropAll(`${prefix}${userId}/`);
}
