/**
 * Whether a text can be laid out without holding the page up. A markdown parser's work grows with the square of some things (how
 * deep lists and quotes are nested, how many markers wait for their partner in one paragraph), and a browser's with the depth of
 * what comes out: a few kilobytes of the wrong kind stop a tab for minutes. What people and models write is far below these bounds;
 * what is beyond them is shown as plain text.
 *
 * One pass over the text; code between fences counts for nothing, because nothing is looked for in it.
 */
export const BOUNDS = {
  /** Quotes and lists inside each other. */
  depth: 50,
  /** Columns before a list's marker: two make a level. */
  indent: 100,
  /** Markers of emphasis, links, tags and math in one paragraph. */
  markers: 2000,
  /** Lines without a blank one between them. */
  lines: 4000,
  /** Underlines that make a heading of the line above. */
  underlines: 500,
  /** Cells in one row of a table. */
  cells: 300,
  characters: 1_000_000,
};

const CONTAINER = /[ \t]*(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))/y;
const FENCE = /^[ \t>]*(`{3,}|~{3,})/;
const UNDERLINE = /^[ \t>]*(?:=+|-+)[ \t]*$/;
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

const isBlank = (line: string) => line.trim() === '';

export function isTame(text: string) {
  if (text.length > BOUNDS.characters) return false;
  let fence: string | undefined;
  let lines = 0;
  let markers = 0;
  let underlines = 0;
  for (const line of text.split('\n')) {
    const mark = FENCE.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      continue;
    }
    if (mark !== undefined) {
      fence = mark;
      continue;
    }
    if (isBlank(line)) lines = markers = 0;
    else lines++;
    const depth = containers(line);
    if (depth > BOUNDS.depth || (depth > 0 && indent(line) > BOUNDS.indent)) return false;
    if (UNDERLINE.test(line)) underlines++;
    markers += line.match(MARKER)?.length ?? 0;
    if (lines > BOUNDS.lines || markers > BOUNDS.markers || underlines > BOUNDS.underlines) return false;
    if (line.length > 2 * BOUNDS.cells && line.split('|').length > BOUNDS.cells) return false;
  }
  return true;
}
