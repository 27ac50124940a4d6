/** Languages that can be told by their script alone, and whose letters look otherwise, or are read otherwise, under another language's name. */
const scripts: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Thai}/gu, 'th'],
];

/** As much of a text tells. */
const beginning = 1000;
const foreign = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Han}\p{Script=Hebrew}\p{Script=Thai}]/u;

/**
 * For the attribute `lang` of what people and models write: a browser takes the letters' Chinese, Japanese or Korean form by it, and a screen reader its voice. Undefined where
 * the script does not tell, and where Chinese characters stand alone on a page in one of the languages that have them.
 */
export function scriptLanguage(text: string, own: string): string | undefined {
  const start = text.slice(0, beginning);
  if (!foreign.test(start)) return undefined;
  const letters = start.match(/\p{L}/gu)?.length ?? 0;
  // Terms in Latin letters are in all of them, and a few signs of another script are in many texts.
  const found = scripts.find(([script]) => (start.match(script)?.length ?? 0) * 5 >= letters)?.[1];
  return found === 'zh' && /^(zh|ja|ko)/.test(own) ? undefined : found;
}
