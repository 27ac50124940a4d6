import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { preferredLanguage, speak, type Language } from '../i18n/language';

/** The language that is spoken; `chosen` null: the browser's. */
export const useLanguage = create<{ chosen: Language | null; spoken: Language | null }>()(
  persist((): { chosen: Language | null; spoken: Language | null } => ({ chosen: null, spoken: null }), {
    name: 'lamplight.language',
    partialize: ({ chosen }) => ({ chosen, spoken: null }),
  }),
);

/** Fetches the catalog, so that the page can be drawn. */
export async function startLanguage(): Promise<void> {
  await change(useLanguage.getState().chosen);
}

export async function setLanguage(chosen: Language | null): Promise<void> {
  await change(chosen);
}

async function change(chosen: Language | null): Promise<void> {
  const spoken = chosen ?? preferredLanguage();
  await speak(spoken);
  useLanguage.setState({ chosen, spoken });
}
