/** The languages of the page. Only the chosen one's catalog is fetched; a string that it lacks is in English (lingui.config.ts). */
import { i18n, type Messages } from '@lingui/core';

export const languages = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  'pt-BR': 'Português (Brasil)',
  ja: '日本語',
  'zh-CN': '简体中文',
} as const;

export type Language = keyof typeof languages;

const catalogs: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import('./locales/en.po'),
  de: () => import('./locales/de.po'),
  es: () => import('./locales/es.po'),
  fr: () => import('./locales/fr.po'),
  'pt-BR': () => import('./locales/pt-BR.po'),
  ja: () => import('./locales/ja.po'),
  'zh-CN': () => import('./locales/zh-CN.po'),
};

/** From now on every `t` speaks this language. */
export async function speak(language: Language): Promise<void> {
  const { messages } = await catalogs[language]();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}

const known = Object.keys(languages) as Language[];
const base = (tag: string): string => tag.toLowerCase().split('-', 1)[0] ?? '';

/** The first language of the browser that the page has, in whichever country. */
export function preferredLanguage(wishes: readonly string[] = navigator.languages): Language {
  for (const wish of wishes) {
    const language = known.find((each) => base(each) === base(wish));
    if (language !== undefined) return language;
  }
  return 'en';
}
