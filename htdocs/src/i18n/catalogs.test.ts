/** The catalogs match the source: every string is extracted (npm run texts) and translated, and there are no others. */
import { readdirSync, readFileSync } from 'node:fs';
import { formatter } from '@lingui/format-po';
import { describe, expect, test } from 'vitest';
import { firstFiles, idsIn, loadedWith, partsIn } from '../../vite/texts';
import { languages } from './language';

/** The folders of catalogs, and whose strings they contain. */
const folders: readonly (readonly [string, (path: string) => boolean])[] = [
  ['src/i18n/locales', (path) => !path.startsWith('admin/')],
  ['src/admin/locales', (path) => path.startsWith('admin/')],
];

async function catalogIn(folder: string, locale: string): Promise<Record<string, string>> {
  const path = `${folder}/${locale}.po`;
  const parsed = await formatter({ origins: false }).parse(readFileSync(path, 'utf8'), { locale, sourceLocale: 'en', filename: path });
  return Object.fromEntries(Object.entries(parsed).map(([id, { translation = '' }]) => [id, translation]));
}

/** All texts of a language. */
async function catalog(locale: string): Promise<Record<string, string>> {
  const catalogs = await Promise.all(folders.map(([folder]) => catalogIn(folder, locale)));
  return Object.assign({}, ...catalogs.reverse()) as Record<string, string>;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /(?<!\.test)\.tsx?$/.test(path));
const saidBy = (own: (path: string) => boolean): string[] => [...new Set(files.filter(own).flatMap((path) => idsIn(`src/${path}`)))].sort();

const known = Object.keys(languages).filter((language) => language !== 'en');

/** A missing text would be in English (lingui.config.ts); this test names it. */
describe.each(folders)('the catalogs in %s', (folder, own) => {
  const said = saidBy(own);
  test.each(['en', ...known])('that of %s is that of the source, and whole', async (locale) => {
    const [english, translations] = [await catalogIn(folder, 'en'), await catalogIn(folder, locale)];
    expect(said.length).toBeGreaterThan(50);
    expect(Object.keys(translations).sort()).toEqual(said);
    expect(said.filter((id) => (translations[id] ?? '') === '').map((id) => english[id])).toEqual([]);
  });
});

test.each(['en', ...known])('what is said in both catalogs of %s is said in the same words', async (locale) => {
  const [main, admin] = await Promise.all(folders.map(([folder]) => catalogIn(folder, locale)));
  const both = Object.keys(main ?? {}).filter((id) => Object.hasOwn(admin ?? {}, id));
  expect(both.length).toBeGreaterThan(5);
  expect(both.filter((id) => main?.[id] !== admin?.[id]).map((id) => [main?.[id], admin?.[id]])).toEqual([]);
});

test.each(known)('the strings of %s have the same places to fill in, and the forms of its plural', async (locale) => {
  const places = (text: string | undefined): string[] => [...(text ?? '').matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? '').sort();
  const forms = (text: string): string[] => [...text.matchAll(/(\w+) \{[^{}]*\}/g)].map(([, name]) => name ?? '');
  // Only for millions, which these languages write with "de"; the page has no such numbers.
  const wanted = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.filter((form) => form !== 'many');
  const [english, translated] = [await catalog('en'), await catalog(locale)];
  for (const [id, text] of Object.entries(english)) {
    const translation = translated[id] ?? '';
    if (translation === '') continue;
    expect(places(translation), text).toEqual(places(text));
    if (text.includes(', plural,')) expect(forms(translation).sort(), text).toEqual([...wanted].sort());
    expect(translation.match(/[.…!?。：:」！？]$/) !== null, `${text} ends as ${translation}`).toBe(/[.…!?:”]$/.test(text));
  }
});

test('Chinese has its own punctuation, and no English is left', async () => {
  const chinese = Object.values(await catalog('zh-CN'));
  expect(chinese.filter((text) => /\p{Script=Han}\s*[,:;!?()]|[,:;!?()]\s*\p{Script=Han}|\p{Script=Han}\.(?!\w)/u.test(text.replace(/\{\w+, plural, other/g, '')))).toEqual([]);
  expect(chinese.filter((text) => !/\p{Script=Han}/u.test(text) && text !== 'Token')).toEqual([]);
  expect(chinese.filter((text) => text.includes('会话'))).toEqual([]);
});

/** Before the build splits the catalogs (vite/laterTexts.ts). */
test('a part of the page that comes when it is needed brings its texts, if it has any', () => {
  const first = loadedWith(firstFiles);
  const early = new Set([...first].flatMap(idsIn));
  expect(early.size).toBeGreaterThan(100);
  const hasLater = (part: string): boolean => [...loadedWith([part])].some((path) => !path.startsWith('src/admin/') && idsIn(path).some((id) => !early.has(id)));
  const parts = files.flatMap((path) => partsIn(`src/${path}`).map((each) => ({ in: path, ...each })));
  expect(parts.length).toBeGreaterThan(20);
  expect(parts.map(({ withTexts: _, ...each }) => ({ ...each, withTexts: !first.has(each.part) && hasLater(each.part) }))).toEqual(parts);
});

/** Each thing has one name, and the reader is always addressed in the same way. These words must not occur. */
test.each([
  ['en', /'/],
  ['de', /\b(du|dich|dir|dein\w*|zieh)\b/i],
  ['es', /\b(usted(es)?|mantenga|suelte|inténtelo|ha modificado|su navegador)\b/i],
  ['fr', /\bchats?\b(?! Completions)/i], // but that is the name of an interface
  ['ja', /返信|書き出|ブラウザ(?!ー)|[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}] (?:[A-Z]|\{(?!number))|[A-Z}] [\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u],
  ['zh-CN', /您|……|(模型|服务器).*回答|回答(完成|过长|耗时|无法)/],
])('%s has one word for a thing', async (locale, not) => {
  expect(Object.values(await catalog(locale)).filter((text) => not.test(text))).toEqual([]);
});

test.each(known)('an interface of providers has its whole name in %s: Completions alone is another one', async (locale) => {
  const [english, translated] = [await catalog('en'), await catalog(locale)];
  const named = Object.keys(english).filter((id) => /chat completions/i.test(english[id] ?? ''));
  expect(named.length).toBeGreaterThan(0);
  expect(named.map((id) => translated[id]).filter((text) => !/chat completions/i.test(text ?? ''))).toEqual([]);
});

test('the server tells of the languages that there are', () => {
  const [, list = ''] = /languages\[\] = \{([^}]*)\}/.exec(readFileSync('../cgi-bin/auth.c', 'utf8')) ?? [];
  expect([...list.matchAll(/"([^"]+)"/g)].map(([, tag]) => tag)).toEqual(Object.keys(languages));
});
