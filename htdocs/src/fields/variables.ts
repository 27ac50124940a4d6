/** {{names}} in a text. */

interface Piece {
  text: string;
  /** It replaces a name. */
  filled: boolean;
}

/** The text with known values in place of its names, as the server fills it in; other names stay unchanged. */
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

/** The fields of a prompt, each once, in their order. */
export function fieldsOf(text: string): string[] {
  return [...new Set([...text.matchAll(field)].map(([, name = '']) => name))];
}

/** The text with the entered values in place of its fields. */
export function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(field, (whole, name: string) => values.get(name) ?? whole);
}
