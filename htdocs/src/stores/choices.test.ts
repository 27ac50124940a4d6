/** A choice in one tab applies to the others: language and theme. */
import { i18n } from '@lingui/core';
import { beforeEach, expect, test, vi } from 'vitest';

/** Another tab has stored something. */
function stored(key: string, newValue: string | null): void {
  if (newValue === null) localStorage.removeItem(key);
  else localStorage.setItem(key, newValue);
  window.dispatchEvent(new StorageEvent('storage', { key, newValue, storageArea: localStorage }));
}

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
  delete document.documentElement.dataset['theme'];
});

test('a language that was stored before is spoken', async () => {
  localStorage.setItem('lamplight.language', '{"state":{"chosen":"fr","spoken":null},"version":0}');
  const { startLanguage, useLanguage } = await import('./language');
  await startLanguage();
  expect(useLanguage.getState()).toMatchObject({ chosen: 'fr', spoken: 'fr' });
});

test('a theme chosen in another tab applies here', async () => {
  const { useTheme } = await import('./theme');
  for (const theme of ['dark', 'light', 'system']) {
    stored('lamplight.theme', theme);
    expect(useTheme.getState().theme).toBe(theme);
    expect(document.documentElement.dataset['theme']).toBe(theme === 'system' ? undefined : theme);
  }
  stored('lamplight.theme', 'dark');
  stored('lamplight.theme', null);
  stored('lamplight.other', 'dark');
  expect(useTheme.getState().theme).toBe('system');
});

test('of the languages chosen in another tab the last one counts', async () => {
  const { useLanguage, setLanguage } = await import('./language');
  await setLanguage('en');
  const choice = (chosen: string): string => JSON.stringify({ state: { chosen, spoken: null }, version: 0 });
  for (const language of ['ja', 'fr', 'de']) stored('lamplight.language', choice(language));
  await vi.waitFor(() => expect(useLanguage.getState()).toMatchObject({ chosen: 'de', spoken: 'de' }), { timeout: 30_000 });
  expect(localStorage.getItem('lamplight.language')).toBe(choice('de')); // a tab that follows stores nothing; otherwise two tabs would never settle
  expect(document.documentElement.lang).toBe('de');
  for (const odd of ['xx', 'constructor', '']) stored('lamplight.language', choice(odd));
  stored('lamplight.language', 'nonsense');
  await setLanguage('en');
  expect(useLanguage.getState()).toMatchObject({ chosen: 'en', spoken: 'en' });
  expect(i18n.locale).toBe('en');
});
