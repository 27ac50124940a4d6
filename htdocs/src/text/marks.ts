export interface Piece {
  text: string;
  marked: boolean;
}

/** Cuts a text so that what was searched for can be shown: the beginnings of its words, or anywhere in CJK. */
export function markWords(text: string, query: string): Piece[] {
  const words = query.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  if (words.length === 0) return [{ text, marked: false }];
  const starts = words.map((word) => (isCjk(word) ? word : `(?<![\\p{L}\\p{N}])${word}`));
  const pieces = text.split(new RegExp(`(${starts.join('|')})`, 'giu'));
  return pieces.map((piece, n) => ({ text: piece, marked: n % 2 === 1 })).filter((piece) => piece.text !== '');
}

function isCjk(word: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(word);
}
