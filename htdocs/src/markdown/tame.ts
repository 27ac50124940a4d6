/**
 * Whether a text can be laid out without blocking the page. A markdown parser's work grows with the square of some quantities (the depth of nested
 * lists and quotes, the number of markers in one paragraph that wait for their partner), and a browser's with the depth of the result: a few
 * kilobytes of the wrong kind block a tab for minutes. Texts of people and models are far below these limits; a text beyond them is shown as plain
 * text.
 *
 * It makes one pass over the text. Code between fences does not count, because nothing is parsed in it. But that holds only where the parser
 * certainly sees the same fences: after any other line that looks like one, everything counts.
 */
export const BOUNDS = {
  /** Nested quotes and lists. */
  depth: 50,
  /** Columns before a list's marker; two columns make a level. */
  indent: 100,
  /** Markers of emphasis, links, tags and math in one paragraph. */
  markers: 2000,
  /** Marks that open a formula, in one paragraph and before one that closes it: the search begins at each of them. */
  openings: 50,
  /** Lines without a blank line between them. */
  lines: 4000,
  /** Underlines that make the line above a heading. */
  underlines: 500,
  /** Cells in one row of a table. */
  cells: 300,
  characters: 1_000_000,
};

const CONTAINER = /[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/y;
const FENCE = /^[ \t>]*(`{3,}|~{3,})/;
/** At the margin, so in no list and no quote. */
const OPENING_FENCE = /^(`{3,}(?!.*`)|~{3,})/;
const CLOSING_FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
/** HTML and formulas, which contain no fences: to the next blank line, or beyond it. */
const NO_FENCES = /^[ \t>]*(?:<|\$\$|\\\[)/;
const NEVER_FENCES = /^[ \t>]*(?:<(?:[!?]|(?:pre|script|style|textarea)\b)|(?<=[ \t>])\$\$[ \t]*$)/i;
/** A formula that blank lines do not end, and its end; with any other end the parser makes something else (formulas.ts). */
const FORMULA = /^\$\$[ \t]*$/;
const FORMULA_END = /^(?:[^$]*[^$\\])?\$\$[ \t.,;:]*$/;
const UNDERLINE = /^[ \t>]*(?:=+|-+)[ \t]*$/;
const ESCAPED = /\\([()[\]\\])/g;
const MARKER = /[*_~[\]<`$]+|\\\(|!\[|www\.|:\/\/|@/g;

/** How many quotes and lists a line opens by itself. */
function containers(line: string) {
  let depth = 0;
  CONTAINER.lastIndex = 0;
  while (CONTAINER.test(line)) depth++;
  return depth;
}

function indent(line: string) {
  let columns = 0;
  for (const char of line) {
    if (char === ' ') columns++;
    else if (char === '\t') columns += 4 - (columns % 4);
    else break;
  }
  return columns;
}

/** How many formulas are open at the end of a line, by their brackets. */
function opened(line: string, { round, square }: { round: number; square: number }) {
  for (const [, sign] of line.matchAll(ESCAPED)) {
    if (sign === '(') round++;
    else if (sign === '[') square++;
    else if (sign === ')') round = 0;
    else if (sign === ']') square = 0;
    if (round + square > BOUNDS.openings) break;
  }
  return { round, square };
}

const isBlank = (line: string) => line.trim() === '';

export function isTame(text: string) {
  if (text.length > BOUNDS.characters) return false;
  let fence: string | undefined;
  let fences: 'trusted' | 'not here' | 'no more' = 'trusted';
  let formula: number | undefined; // its length so far
  let lines = 0;
  let markers = 0;
  let underlines = 0;
  let formulas = { round: 0, square: 0 };
  for (const line of text.split('\n')) {
    if (fence !== undefined) {
      if (CLOSING_FENCE.exec(line)?.[1]?.startsWith(fence) === true) fence = undefined;
      continue;
    }
    if (FENCE.test(line)) {
      fence = fences === 'trusted' && formula === undefined ? OPENING_FENCE.exec(line)?.[1] : undefined;
      if (fence !== undefined) continue;
      fences = 'no more';
    }
    if (formula !== undefined) {
      formula += line.length;
      if (formula > 5000 || (line.includes('$$') && !FORMULA_END.test(line))) fences = 'no more';
      if (line.includes('$$')) formula = undefined;
    } else if (NEVER_FENCES.test(line)) fences = 'no more';
    else if (FORMULA.test(line)) formula = 0;
    else if (fences === 'trusted' && NO_FENCES.test(line)) fences = 'not here';
    else if (fences === 'not here' && isBlank(line)) fences = 'trusted';
    if (isBlank(line)) {
      lines = markers = 0;
      formulas = { round: 0, square: 0 };
    } else lines++;
    formulas = opened(line, formulas);
    if (formulas.round + formulas.square > BOUNDS.openings) return false;
    const depth = containers(line);
    if (depth > BOUNDS.depth || (depth > 0 && indent(line) > BOUNDS.indent)) return false;
    if (UNDERLINE.test(line)) underlines++;
    markers += line.match(MARKER)?.length ?? 0;
    if (lines > BOUNDS.lines || markers > BOUNDS.markers || underlines > BOUNDS.underlines) return false;
    if (line.length > 2 * BOUNDS.cells && line.split('|').length > BOUNDS.cells) return false;
  }
  return true;
}
