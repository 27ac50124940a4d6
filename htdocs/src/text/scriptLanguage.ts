/** Languages that can be identified by their script alone, and whose letters look or sound wrong under another language's name. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Thai}/gu, 'th'],
];

/** The length that is examined. */
const beginning = 1000;
const foreign = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Han}\p{Script=Hebrew}\p{Script=Thai}]/u;

/**
 * For the attribute `lang` of texts by people and models: browsers choose the Chinese, Japanese or Korean form of letters by it, and screen readers a
 * voice. Undefined if the script does not tell, and if Chinese characters stand alone on a page in one of the languages that use them.
 */
export function scriptLanguage(text: string, own: string): string | undefined {
  const start = text.slice(0, beginning);
  if (!foreign.test(start)) return undefined;
  const letters = start.match(/\p{L}/gu)?.length ?? 0;
  // All of them contain terms in Latin letters, and many texts contain a few characters of another script.
  const found = scripts.find(([script]) => (start.match(script)?.length ?? 0) * 5 >= letters)?.[1];
  return found === 'zh' && /^(zh|ja|ko)/.test(own) ? undefined : found;
}
