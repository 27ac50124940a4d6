/**
 * While a reply streams in, its last formula may lack its end. It is drawn when it is complete; until then three dots are shown, and its source never
 * flashes. (Streamdown's healing of unfinished markdown calls this; what it heals is only the tail of a text.)
 */
import { isWithinCodeBlock, type RemendHandler } from 'remend';

/** Longer than any formula: if the end is further away, it is not a formula. */
const reach = 4000;
const dots = '$$\\ldots$$';
const signs = /\\[\\$]|\\[()[\]]|\$\$?|\n[ \t]*\n/g;
const pairs: Record<string, string> = { '\\(': '\\)', '\\[': '\\]', $$: '$$', $: '$' };
/** After a single dollar: a command, a single letter, a bracket. Not an amount, not a shell's variable. */
const opensFormula = /^(?:\\[a-zA-Z]*|[a-zA-Z](?![a-zA-Z])|[({|\-+])/;

function withoutOpenFormula(text: string): string {
  const start = Math.max(0, text.length - reach);
  const tail = text.slice(start);
  let open: { sign: string; index: number } | null = null;
  let closed = 0; // end of the last formula
  for (const { 0: sign, index } of tail.matchAll(signs)) {
    if (isWithinCodeBlock(text, start + index)) continue;
    if (sign.startsWith('\n')) {
      if (open !== null && !(open.sign === '$$' && tail[open.index + 2] === '\n')) open = null;
    } else if (open !== null) {
      if (sign !== pairs[open.sign]) continue;
      open = null;
      closed = index + sign.length;
    } else if (sign in pairs && (sign !== '$' || opensAt(tail, index))) open = { sign, index };
  }
  if (open !== null) return text.slice(0, start + open.index) + dots;
  if (closed === tail.length) return text;
  return /(?:^|[^\\])\\$|(?:^|[^\w$\\])\$\$?$/.test(tail) && !isWithinCodeBlock(text, text.length - 1) ? text.replace(/\\$|\$\$?$/, '') : text;
}

function opensAt(tail: string, index: number): boolean {
  const [line = ''] = tail.slice(index + 1).split('\n', 1);
  return !/[A-Za-z0-9$]/.test(tail[index - 1] ?? '') && opensFormula.test(line) && !/(?<![\\a-zA-Z{])[a-z]{4,}/.test(line);
}

export const openFormula: RemendHandler = { name: 'openFormula', handle: withoutOpenFormula, priority: 1 };
