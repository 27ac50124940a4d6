/** The grammars of the languages, some 50 KB: imported only by code that is loaded with the first block of code. */
import type { RootContent } from 'hast';
import { common, createLowlight } from 'lowlight';

const lowlight = createLowlight(common);

/** The code as nested pieces, each with the classes of its kind; null if a grammar fails on it. */
export function piecesOf(language: string, code: string): RootContent[] | null {
  try {
    return lowlight.highlight(language, code).children;
  } catch {
    return null;
  }
}
