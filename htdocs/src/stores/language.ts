import { create } from 'zustand';
import { languages, preferredLanguage, speak, type Language } from '../i18n/language';

const key = 'lamplight.language'; // public/first.js reads it, too

/** The language in use; if `chosen` is null, it is the browser's. */
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
    // Storage is blocked: the choice lasts until the page is closed.
  }
}

let last: Promise<unknown> = Promise.resolve();

/** In sequence: a slow catalog does not override a later choice. */
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

// A choice in one tab applies to all of them. Tabs that follow store nothing; otherwise two tabs would never settle.
addEventListener('storage', ({ key: changed }) => {
  if (changed === key && stored() !== null) void change(stored()).catch(() => undefined);
});
