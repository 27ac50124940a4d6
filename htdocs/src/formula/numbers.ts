/** Numbers of aligned equations (\tag in align and gather): KaTeX's MathML has cells for them, but leaves these empty. */
import type { TreeNode } from './tree';

/** The members of KaTeX's parse tree that are used. */
export interface Reading {
  type?: string;
  text?: string;
  body?: Reading[];
  /** For an array, one per line: a tag, true for an automatic number, or false. */
  tags?: (Reading[] | boolean)[];
}

/** Whether this cell is meant for a number. */
export function isNumber({ classes = [] }: TreeNode): boolean {
  return classes.includes('mml-eqn-num');
}

/** Whether there are such cells. */
export function hasNumbers(tree: TreeNode): boolean {
  return linesOf(tree).length > 0;
}

export function putNumbers(tree: TreeNode, readings: Reading[]): void {
  const numbers = readings.flatMap(tagsOf).filter((tag) => tag !== false);
  for (const [index, line] of linesOf(tree).entries()) {
    const number = numbers[index];
    if (!Array.isArray(number)) continue;
    const children = [{ type: 'mtext', children: [{ text: number.map(textOf).join('') }] }];
    // All lines share the same cell object.
    line.children = line.children?.map((cell) => (isNumber(cell) ? { ...cell, children } : cell)) ?? [];
  }
}

/** The lines with such a cell. */
function linesOf(node: TreeNode): TreeNode[] {
  if (node.children?.some(isNumber) === true) return [node];
  return (node.children ?? []).flatMap(linesOf);
}

function tagsOf({ tags, body }: Reading): (Reading[] | boolean)[] {
  if (tags !== undefined) return tags;
  return Array.isArray(body) ? body.flatMap((each) => tagsOf(each)) : [];
}

function textOf({ text, body }: Reading): string {
  if (text !== undefined) return text;
  return Array.isArray(body) ? body.map(textOf).join('') : '';
}
