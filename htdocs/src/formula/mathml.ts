/**
 * Turns KaTeX's tree into React elements, in the MathML that browsers implement (MathML Core). What Core leaves to style sheets (columns and lines of
 * tables, boxes, strokes) becomes styles, and letters of other alphabets become the corresponding characters. Styles are set by script, which the
 * page's policy allows, and never by an attribute, which it refuses.
 */
import { createElement, type CSSProperties, type ReactNode } from 'react';
import { inAlphabet } from './alphabets';
import { isNumber } from './numbers';
import { repaired } from './repaired';
import type { TreeNode } from './tree';

/** The presentation part of <semantics>; the source beside it would be read aloud and copied with it. */
export function mathmlOf(tree: TreeNode): ReactNode {
  const math = find(tree, 'math');
  const semantics = math?.children?.[0];
  return elementOf(semantics?.type === 'semantics' ? semantics.children?.[0] : semantics, 0);
}

function find(node: TreeNode, type: string): TreeNode | undefined {
  if (node.type === type) return node;
  for (const child of node.children ?? []) {
    const found = find(child, type);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Nothing is drawn beyond this depth; KaTeX itself stops at about that. */
const deepest = 200;

function elementOf(given: TreeNode | undefined, depth: number): ReactNode {
  if (given === undefined || depth > deepest) return null;
  const node = repaired(given);
  if (node.text !== undefined) return node.text;
  // A character is shown only inside a text element; elsewhere browsers ignore it.
  if (node.type === undefined && node.width !== undefined) return createElement('mspace', { width: `${node.width}em` });
  if (node.type === undefined || !/^m[a-z]+$/.test(node.type)) return (node.children ?? []).map((child) => elementOf(child, depth + 1));
  const { mathvariant, ...attributes } = node.attributes ?? {};
  const style = styleOf(node.type, attributes);
  const kept = Object.fromEntries(Object.entries(attributes).filter(([name]) => core.has(name)));
  const type = node.type === 'menclose' || node.type === 'mlabeledtr' ? (node.type === 'menclose' ? 'mrow' : 'mtr') : node.type;
  const props = { ...kept, ...(mathvariant === 'normal' && { mathvariant }), ...(style !== null && { style }) };
  if (type === 'mtable') return createElement(type, props, ...rowsOf(node, attributes, depth));
  return createElement(type, props, ...childrenOf(node, depth, mathvariant));
}

/** The attributes of MathML Core that KaTeX uses. */
const core = new Set([
  'accent', 'accentunder', 'columnspan', 'depth', 'displaystyle', 'fence', 'form', 'height', 'largeop', 'linethickness', 'lspace', 'mathbackground',
  'mathcolor', 'mathsize', 'maxsize', 'minsize', 'movablelimits', 'rowspan', 'rspace', 'scriptlevel', 'separator', 'stretchy', 'symmetric', 'voffset', 'width',
]);

/** The arrow above a vector; as a combining character it would stand beside its letter. */
const arrows: Record<string, string> = { '\u20d7': '→', '\u20d6': '←' };

const texts = new Set(['mi', 'mn', 'mo', 'ms', 'mtext']);

/** Adjacent texts are joined, so that a screen reader reads a name and not its letters. */
function childrenOf(node: TreeNode, depth: number, mathvariant?: string): ReactNode[] {
  const children: ReactNode[] = [];
  const spaces = texts.has(node.type ?? '');
  for (const child of node.children ?? []) {
    const text = arrows[child.text ?? ''] ?? child.text ?? (spaces && child.type === undefined && child.character ? child.character : undefined);
    const before = children.at(-1);
    if (text === undefined) children.push(elementOf(child, depth + 1));
    else if (typeof before === 'string') children[children.length - 1] = before + inAlphabet(text, mathvariant);
    else children.push(inAlphabet(text, mathvariant));
  }
  return children;
}

const strokes: Record<string, string> = {
  updiagonalstrike: 'linear-gradient(to top left, transparent calc(50% - 0.04em), currentColor 0 calc(50% + 0.04em), transparent 0)',
  downdiagonalstrike: 'linear-gradient(to top right, transparent calc(50% - 0.04em), currentColor 0 calc(50% + 0.04em), transparent 0)',
  horizontalstrike: 'linear-gradient(transparent calc(50% - 0.04em), currentColor 0 calc(50% + 0.04em), transparent 0)',
};
const borders: Record<string, keyof CSSProperties> = { left: 'borderLeft', right: 'borderRight', top: 'borderTop', bottom: 'borderBottom', actuarial: 'borderRight' };
const line = '0.06em solid currentColor';

function styleOf(type: string, { notation, width, style }: Record<string, string>): CSSProperties | null {
  if (type === 'menclose' && notation !== undefined) {
    const kinds = notation.split(' ');
    const drawn = kinds.flatMap((kind) => strokes[kind] ?? []);
    const sides = kinds.flatMap((kind) => (borders[kind] === undefined ? [] : [[borders[kind], line]]));
    return {
      ...(drawn.length > 0 && { backgroundImage: drawn.join(', '), padding: '0.15em 0.2em' }),
      ...(kinds.includes('box') ? { border: line, padding: '0.3em' } : Object.fromEntries(sides)),
      ...(kinds.includes('top') && { paddingTop: '0.1em' }),
      ...(kinds.includes('bottom') && { paddingBottom: '0.1em' }),
    };
  }
  if ((type === 'mtable' || type === 'mtd') && width?.endsWith('%') === true) return { width };
  const border = /^border: ([\d.]+em) solid (#?\w+)$/.exec(style ?? '');
  return border === null ? null : { border: `${border[1]} solid ${border[2]}`, padding: '0.3em' };
}

/** The rows of a table, each cell with the alignment, the spacing and the lines that the table's attributes specify. */
function rowsOf(table: TreeNode, attributes: Record<string, string>, depth: number): ReactNode[] {
  const list = (name: string): string[] => attributes[name]?.split(/\s+/) ?? [];
  const [aligns, gaps, lines, rules] = [list('columnalign'), list('columnspacing'), list('columnlines'), list('rowlines')];
  const rowGap = rowGapOf(attributes['rowspacing']);
  const rows = table.children ?? [];
  return rows.map((row, y) => {
    const cells = (row.children ?? []).filter(({ classes = [] }) => !classes.includes('mtr-glue')).map((cell) => repaired(cell));
    return createElement('mtr', null, ...cells.map((cell, x) => {
      const at = (values: string[], n: number): string | undefined => values[n] ?? values.at(-1);
      const rule = at(rules, y) ?? 'none';
      const side = at(lines, x) ?? 'none';
      const style: CSSProperties = {
        // A cell contains a block, which plain "right" does not move in Chromium.
        textAlign: `-webkit-${isNumber(cell) ? 'right' : (at(aligns, x) ?? 'center')}` as 'left' | 'center' | 'right',
        paddingTop: y > 0 ? rowGap : 0,
        paddingBottom: y < rows.length - 1 ? rowGap : 0,
        paddingLeft: isNumber(cell) ? '2em' : x > 0 ? halved(at(gaps, x - 1)) : 0,
        paddingRight: x < cells.length - 1 ? halved(at(gaps, x)) : 0,
        ...(side !== 'none' && x < cells.length - 1 && { borderRight: `0.06em ${side} currentColor` }),
        ...(rule !== 'none' && y < rows.length - 1 && { borderBottom: `0.06em ${rule} currentColor` }),
        ...styleOf('mtd', cell.attributes ?? {}),
      };
      return createElement('mtd', { style }, ...childrenOf(cell, depth + 2));
    }));
  });
}

function halved(length: string | undefined): string {
  const [, number, unit] = /^([\d.]+)(em|ex|pt)$/.exec(length ?? '') ?? [];
  return number === undefined ? '0.4em' : `${Number(number) / 2}${unit}`;
}

/** KaTeX spaces its rows with struts, which MathML does not have. */
function rowGapOf(spacing: string | undefined): string {
  return `calc(${halved(spacing)} + 0.15em)`;
}
