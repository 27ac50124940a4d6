import type { FileUIPart } from 'ai';
import { create } from 'zustand';

/** Files that wait to be sent, by user and session as drafts are. They are too large to outlive the page. */
export interface AttachmentStore {
  files: Record<string, FileUIPart[]>;
  put: (key: string, files: FileUIPart[]) => void;
  remove: (key: string, file: FileUIPart) => void;
  /** Empties the place and returns what was there. */
  take: (key: string) => FileUIPart[];
}

export const useAttachments = create<AttachmentStore>()((set, get) => ({
  files: {},
  put: (key, more) => set(({ files }) => ({ files: { ...files, [key]: [...(files[key] ?? []), ...more] } })),
  remove: (key, file) => set(({ files }) => ({ files: { ...files, [key]: (files[key] ?? []).filter((each) => each !== file) } })),
  take: (key) => {
    const { [key]: taken = [], ...others } = get().files;
    set({ files: others });
    return taken;
  },
}));
