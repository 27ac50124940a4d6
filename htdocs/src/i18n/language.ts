/** The languages of the page. Only the chosen one's catalog is fetched; a missing string is in English (lingui.config.ts). */
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

type Catalogs = Record<Language, () => Promise<{ messages: Messages }>>;

/** The texts that the page needs to be drawn. */
const catalogs: Catalogs = {
  en: () => import('./locales/en.po'),
  de: () => import('./locales/de.po'),
  es: () => import('./locales/es.po'),
  fr: () => import('./locales/fr.po'),
  'pt-BR': () => import('./locales/pt-BR.po'),
  ja: () => import('./locales/ja.po'),
  'zh-CN': () => import('./locales/zh-CN.po'),
};

/** The texts of parts that are loaded on demand (vite/laterTexts.ts). */
const laterCatalogs: Catalogs = {
  en: () => import('./locales/en.po?later?lingui'),
  de: () => import('./locales/de.po?later?lingui'),
  es: () => import('./locales/es.po?later?lingui'),
  fr: () => import('./locales/fr.po?later?lingui'),
  'pt-BR': () => import('./locales/pt-BR.po?later?lingui'),
  ja: () => import('./locales/ja.po?later?lingui'),
  'zh-CN': () => import('./locales/zh-CN.po?later?lingui'),
};

/** One of those parts was requested: from now on each language is fetched completely. */
let whole = false;

/** From now on every `t` uses this language. */
export async function speak(language: Language): Promise<void> {
  const first = await catalogs[language]();
  const later = whole ? await laterCatalogs[language]() : null; // checked only now, because a part may have been loaded meanwhile
  i18n.loadAndActivate({ locale: language, messages: { ...first.messages, ...later?.messages } });
  document.documentElement.lang = language;
}

/** Loads a part of the page that comes on demand, with the texts of such parts. */
export async function withTexts<Part>(part: Promise<Part>): Promise<Part> {
  whole = true;
  const { locale } = i18n;
  const [come, { messages }] = await Promise.all([part, laterCatalogs[locale as Language]()]);
  i18n.load(locale, messages);
  return come;
}

const known = Object.keys(languages) as Language[];
const base = (tag: string): string => tag.toLowerCase().split('-', 1)[0] ?? '';

/** The first of the browser's languages that the page has, for any country. */
export function preferredLanguage(wishes: readonly string[] = navigator.languages): Language {
  for (const wish of wishes) {
    const language = known.find((each) => base(each) === base(wish));
    if (language !== undefined) return language;
  }
  return 'en';
}
