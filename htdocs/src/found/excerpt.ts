import { findWords } from './find';

/**
 * The found text without markdown marks, as the message shows it. It is a piece out of the middle, so a mark may have lost its partner. Where that
 * would remove the searched words, as in an address, the piece stays unchanged.
 */
export function excerptOf(snippet: string, query: string): string {
  const plain = withoutSigns(snippet);
  return findWords(plain, query).length < Math.min(findWords(snippet, query).length, 1) ? snippet : plain;
}

/** Inside code, marks are literal. */
function withoutSigns(text: string): string {
  return text
    .replace(/^[ \t>]*(?:`{3,}|~{3,})[\w+#.-]*[ \t]*$/gm, '')
    .split(/(`+[^`\n]+`+)/)
    .map((piece, n) => (n % 2 === 1 ? piece.replace(/^`+ ?| ?`+$/g, '') : withoutMarks(piece)))
    .join('')
    .replace(/`{3,}[\w+#.-]*|`/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function withoutMarks(text: string): string {
  return text
    .replace(/^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$/gm, '')
    .replace(/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, '')
    .replace(/^[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)?/gm, '')
    .replace(/^\|[ \t]*|[ \t]*\|[ \t]*$/gm, '')
    .replace(/[ \t]+\|[ \t]+/g, ' · ')
    .replace(/!?\[([^[\]\n]{0,300})\]\([^)\s]*(?:\s+"[^"\n]*")?\)?/g, '$1')
    .replace(/\[\^[\w-]+\]:?/g, '')
    .replace(/\\[([]|\\[)\]]|\$\$/g, ' ')
    .replace(/(?<![\w*\\])\*{1,3}(?=[^\s*])|(?<=[^\s*\\])\*{1,3}(?![\w*])|(?<=\p{L})\*{2,3}(?=\p{L})|~~/gu, '')
    .replace(/(?<![\w\\_])_{1,3}(?=[^\s_])|(?<=[^\s_\\])_{1,3}(?![\w_])/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1');
}
