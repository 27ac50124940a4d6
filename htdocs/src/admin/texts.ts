/** The strings of these pages have catalogs of their own, so nobody else waits for them. */
import { i18n, type Messages } from '@lingui/core';
import { useEffect, useState } from 'react';
import type { Language } from '../i18n/language';

const catalogs: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import('./locales/en.po'),
  de: () => import('./locales/de.po'),
  es: () => import('./locales/es.po'),
  fr: () => import('./locales/fr.po'),
  'pt-BR': () => import('./locales/pt-BR.po'),
  ja: () => import('./locales/ja.po'),
  'zh-CN': () => import('./locales/zh-CN.po'),
};

/** Whether the strings are loaded in the current language. Another language draws everything again (App.tsx). */
export function useAdminTexts(): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    const { locale } = i18n;
    catalogs[locale as Language]()
      .then(({ messages }) => i18n.load(locale, messages))
      .catch(() => undefined) // then they are in English
      .finally(() => setReady(true));
  }, []);
  return ready;
}
