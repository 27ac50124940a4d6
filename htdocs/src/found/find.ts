/** Finds the words of a search in a text as the server does, ignoring case and accents. */

interface Place {
  start: number;
  end: number;
}

/** Words of at least this many letters are also found inside other words. */
const middle = 3;
/** More marks than this help nobody. */
const most = 500;

export function findWords(text: string, query: string): Place[] {
  const words = [...new Set(fold(query).text.match(/[\p{L}\p{N}]+/gu) ?? [])];
  if (words.length === 0) return [];
  const folded = fold(text);
  const patterns = words.sort((a, b) => b.length - a.length).map((word) => (isDense(word) || [...word].length >= middle ? word : `(?<![\\p{L}\\p{N}])${word}`));
  const places: Place[] = [];
  for (const { index, 0: found } of folded.text.matchAll(new RegExp(patterns.join('|'), 'gu'))) {
    places.push({ start: folded.starts[index] ?? 0, end: folded.ends[index + found.length - 1] ?? text.length });
    if (places.length === most) break;
  }
  return places;
}

interface Folded {
  text: string;
  /** For each code unit: where its original character begins, and where it ends, including accents. */
  starts: number[];
  ends: number[];
}

function fold(text: string): Folded {
  const folded: Folded = { text: '', starts: [], ends: [] };
  let at = 0;
  for (const character of text) {
    const plain = character < '\x80' ? character.toLowerCase() : character.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace('ß', 'ss');
    const end = at + character.length;
    if (plain === '' && folded.ends.length > 0) folded.ends[folded.ends.length - 1] = end;
    for (let n = 0; n < plain.length; n++) {
      folded.starts.push(at);
      folded.ends.push(end);
    }
    folded.text += plain;
    at = end;
  }
  return folded;
}

function isDense(word: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u.test(word);
}
