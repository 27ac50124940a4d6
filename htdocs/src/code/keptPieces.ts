import type { RootContent } from 'hast';
import { piecesOf } from './grammars';

type Pieces = RootContent[] | null;

/** In characters of code: enough for some hundred blocks of the usual length. */
const room = 300_000;

const kept = new Map<string, Pieces>();
let used = 0;

/** The pieces of code. A block that is drawn again, for example at the end of its reply or after scrolling, is not parsed again. */
export function keptPieces(language: string, code: string): Pieces {
  const key = `${language}\n${code}`;
  const known = kept.get(key);
  return known === undefined ? keep(key, piecesOf(language, code)) : known;
}

/** Drops the oldest pieces when there is no room. */
function keep(key: string, pieces: Pieces): Pieces {
  kept.set(key, pieces);
  used += key.length;
  for (const oldest of kept.keys()) {
    if (used <= room) break;
    kept.delete(oldest);
    used -= oldest.length;
  }
  return pieces;
}
