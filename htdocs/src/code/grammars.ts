/** The grammars of the languages, some 50 KB: imported by what is loaded with the first block of code and by nothing else. */
import type { RootContent } from 'hast';
import { common, createLowlight } from 'lowlight';

const lowlight = createLowlight(common);

/** The code as nested pieces, each with the classes of what it is; null when a grammar stumbles over it. */
export function piecesOf(language: string, code: string): RootContent[] | null {
  try {
    return lowlight.highlight(language, code).children;
  } catch {
    return null;
  }
}
