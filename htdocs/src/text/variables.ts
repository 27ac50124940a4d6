/** {{names}} in a text. */

export interface Piece {
  text: string;
  /** It stands where a name stood. */
  filled: boolean;
}

/** The text with what is known in place of its names, as the server fills it in; other names stay as they are written. */
export function piecesOf(text: string, known: Readonly<Record<string, string>>): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: whole, 1: name = '', index } of text.matchAll(/\{\{([\w.]+)\}\}/g)) {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    if (value === undefined) continue;
    if (index > end) pieces.push({ text: text.slice(end, index), filled: false });
    pieces.push({ text: value, filled: true });
    end = index + whole.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), filled: false });
  return pieces;
}

const field = /\{\{\s*([^{}\s](?:[^{}\n]{0,62}[^{}\s])?)\s*\}\}/g;

/** What a prompt asks for, each once, in the order in which it stands there. */
export function fieldsOf(text: string): string[] {
  return [...new Set([...text.matchAll(field)].map(([, name = '']) => name))];
}

/** The text with what was entered in place of its fields. */
export function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(field, (whole, name: string) => values.get(name) ?? whole);
}
