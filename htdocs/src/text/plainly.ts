/** Shows what a person is asked to allow exactly as it is: no character is hidden, and none reverses the others. */

/**
 * Direction controls, characters without width or ink, variation selectors, and non-characters; except emoji selectors, and joiners where a script or
 * an emoji needs them. Scripts without joining (listed here, and marks of any script) do not need them.
 */
const hidden = new RegExp(
  [
    /(?![\t\n\r])\p{Cc}/u,
    /[\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/,
    /[\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/,
    /\u034f|[\u180b-\u180f]|[\ufe00-\ufe0e]/,
    /(?<!\p{Extended_Pictographic})(?<![0-9#*](?=\ufe0f\u20e3))\ufe0f/u,
    /(?<!(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Lao}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Hangul}\p{Script=Inherited}\p{Script=Common}])[\p{L}\p{M}]|[\p{Extended_Pictographic}\p{Emoji_Modifier}]|\ufe0f)(?:\u200c|\u200d)/u,
    /[\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]/u,
  ].map(({ source }) => source).join('|'),
  'u',
);

type Piece = { shown: string; hidden: boolean };

/** The text in pieces; a hidden character is shown by its number. */
export function plainly(text: string): Piece[] {
  const pieces: Piece[] = [];
  for (const part of text.split(new RegExp(`(${hidden.source})`, 'u'))) {
    if (part === '') continue;
    const is = hidden.test(part);
    pieces.push({ shown: is ? `U+${(part.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` : part, hidden: is });
  }
  return pieces;
}

/** "start_date" and "startDate" as a person would write them. */
export function labelOf(key: string): string {
  const words = key.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replace(/[_-]+/g, ' ').trim();
  if (words === '') return key;
  const lower = words.replace(/\b\p{Lu}(?=\p{Ll})/gu, (letter) => letter.toLowerCase());
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}
