import { create } from 'zustand';
import { languages, preferredLanguage, speak, type Language } from '../i18n/language';

const key = 'lamplight.language'; // public/first.js reads it, too

/** The language that is spoken; `chosen` null: the browser's. */
export const useLanguage = create<{ chosen: Language | null; spoken: Language | null }>()(() => ({ chosen: null, spoken: null }));

/** Fetches the catalog, so that the page can be drawn. */
export function startLanguage(): Promise<void> {
  return change(stored());
}

export async function setLanguage(chosen: Language): Promise<void> {
  await change(chosen);
  try {
    localStorage.setItem(key, JSON.stringify({ chosen }));
  } catch {
    // Storage is blocked: the choice holds until the page is closed.
  }
}

let last: Promise<unknown> = Promise.resolve();

/** One after another: a catalog that takes its time does not come on top of a later choice. */
function change(chosen: Language | null): Promise<void> {
  const changed = last.then(async () => {
    const spoken = chosen ?? preferredLanguage();
    await speak(spoken);
    useLanguage.setState({ chosen, spoken });
  });
  last = changed.catch(() => undefined);
  return changed;
}

function stored(): Language | null {
  try {
    const [, chosen = ''] = /"chosen":"([^"]+)"/.exec(localStorage.getItem(key) ?? '') ?? [];
    return Object.hasOwn(languages, chosen) ? (chosen as Language) : null;
  } catch {
    return null;
  }
}

// What is chosen in one tab is spoken in all of them. Nothing is stored by those who follow: two tabs would never come to rest.
addEventListener('storage', ({ key: changed }) => {
  if (changed === key && stored() !== null) void change(stored()).catch(() => undefined);
});
