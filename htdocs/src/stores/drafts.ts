import { create } from 'zustand';
import { persist } from 'zustand/middleware';

/** What has been typed and not sent, by user and session. Survives reloads. */
export interface DraftStore {
  drafts: Record<string, string>;
  setDraft: (key: string, text: string) => void;
}

export const useDrafts = create<DraftStore>()(
  persist(
    (set) => ({
      drafts: {},
      setDraft: (key, text) =>
        set(({ drafts }) => {
          const { [key]: _, ...others } = drafts;
          return { drafts: text === '' ? others : { ...others, [key]: text } };
        }),
    }),
    { name: 'lamplight.drafts' },
  ),
);

/** Nothing of a user's stays: the account is deleted. */
export function forgetDrafts(userId: string): void {
  useDrafts.setState(({ drafts }) => ({ drafts: Object.fromEntries(Object.entries(drafts).filter(([key]) => !key.startsWith(`${userId}/`))) }));
}

export function draftKey(userId: string, sessionId: string | null): string {
  return `${userId}/${sessionId ?? 'new'}`;
}
