import { isTame } from '../markdown/tame';

/**
 * A reply as it is read aloud: its words, without markdown marks and without the source of code and formulas. The beginning of a growing text gives
 * the beginning of the whole, except for a mark that is still open. `code`: the sentence for a block of so many lines.
 */
export function spokenText(markdown: string, names: { code: string | ((language: string, lines: number) => string); formula: string }): string {
  const nameOf = typeof names.code === 'string' ? () => names.code as string : names.code;
  if (!isTame(markdown)) return ''; // it is not drawn as markdown either
  return withoutBlockMarks(markdown.replace(/^[ \t>]*(`{3,}|~{3,})[^\n]*\n?[\s\S]*?(?:^[ \t>]*\1[`~]*[ \t]*$|$(?![\s\S]))/gm, (block: string, _fence: string) => `${nameOf(...aboutBlock(block))}\n`))
    .split(/(`+[^`\n]*`+)/)
    .map((piece, n) => (n % 2 === 1 ? piece.replace(/^`+ ?| ?`+$/g, '') : withoutMarks(piece, names.formula)))
    .join('')
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/\n{2,}/g, '\n');
}

function aboutBlock(block: string): [language: string, lines: number] {
  const [first = '', ...rest] = block.split('\n');
  const language = /^[ \t>]*[`~]+[ \t]*([\w+#.-]*)/.exec(first)?.[1] ?? '';
  return [language, rest.filter((line) => line.trim() !== '' && !/^[ \t>]*(`{3,}|~{3,})[`~]*[ \t]*$/.test(line)).length];
}

function withoutBlockMarks(text: string): string {
  return text
    .replace(/^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)*\|?[ \t]*$/gm, '')
    .replace(/^[ \t]*(?:[-*_][ \t]*){3,}$/gm, '')
    .replace(/^[ \t]*(?:>[ \t]*)*(?:#{1,6}[ \t]+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)?/gm, '')
    .replace(/^\|[ \t]*|[ \t]*\|[ \t]*$/gm, '')
    .replace(/[ \t]*\|[ \t]*/g, ', ');
}

function withoutMarks(text: string, formula: string): string {
  return text
    .replace(/\$\$[\s\S]*?(?:\$\$|$)|\\\[[\s\S]*?(?:\\\]|$)|\\\([\s\S]*?(?:\\\)|$)/g, ` ${formula} `)
    .replace(/(?<![\\$\w])\$(?=\\|[a-zA-Z](?![a-zA-Z])|[({])[^$\n]*?\$(?![\w$])/g, ` ${formula} `)
    .replace(/!?\[([^[\]\n]{0,300})\]\([^)\s]*(?:\s+"[^"\n]*")?\)/g, '$1')
    .replace(/\[\^[\w-]+\]:?/g, '')
    .replace(/(?<!\\)\*{1,3}|~~|(?<![\w\\])_{1,3}|_{1,3}(?!\w)/g, '')
    .replace(/<\/?[a-z][\w-]*(?:\s[^<>]*)?>/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1');
}
