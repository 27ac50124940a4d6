/** Scripts that identify a language, or one of a few; the reader's own is preferred if it is among them. */
const scripts: readonly (readonly [RegExp, ...string[]])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh', 'ja'],
  [/\p{Script=Cyrillic}/gu, 'ru', 'uk', 'bg', 'sr'],
  [/\p{Script=Arabic}/gu, 'ar', 'fa', 'ur'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Devanagari}/gu, 'hi', 'mr'],
  [/\p{Script=Thai}/gu, 'th'],
];

/** Common short words of languages in Latin letters: about a third of the words of a text. */
const small: Readonly<Record<string, string>> = {
  en: 'the of and to in is that it for with you this are not be on',
  de: 'der die das und ist nicht ein eine zu den mit auf für sich von wird',
  fr: 'le la les des et est une un du que pour dans pas sur vous qui',
  es: 'el la los las y es una un del que para en con por se no',
  pt: 'o a os as e é uma um do da que para em com não se',
  it: 'il la gli le e è una un di che per in con non della si',
  nl: 'de het een en is niet van dat op te voor met zijn aan er ook',
  sv: 'och att det som en ett är på för av med inte den till om har',
  pl: 'i w z na nie się jest to do że jak dla po od o są',
};

const beginning = 4000;

/** The language of a text: by its script, otherwise by its short words; the reader's own if the text does not show it. */
export function languageOf(text: string, own: string): string {
  const start = text.slice(0, beginning);
  const letters = start.match(/\p{L}/gu)?.length ?? 0;
  for (const [script, ...languages] of scripts) {
    // All of them contain names and terms in Latin letters, and many texts contain a few characters of another script.
    if ((start.match(script)?.length ?? 0) * 5 < letters || letters === 0) continue;
    return languages.includes(base(own)) ? own : (languages[0] ?? own);
  }
  const words = start.toLowerCase().match(/\p{L}+/gu) ?? [];
  const count = (language: string): number => {
    const list = new Set(small[language]?.split(' '));
    return words.filter((word) => list.has(word)).length;
  };
  const [best = base(own)] = Object.keys(small).sort((a, b) => count(b) - count(a));
  return count(best) > Math.max(1, count(base(own))) ? best : own;
}

function base(tag: string): string {
  return tag.toLowerCase().split('-', 1)[0] ?? '';
}
