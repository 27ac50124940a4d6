import { findWords } from './find';

interface Piece {
  text: string;
  marked: boolean;
}

/** Splits a text so that the searched words can be highlighted. */
export function markWords(text: string, query: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end } of findWords(text, query)) {
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}
