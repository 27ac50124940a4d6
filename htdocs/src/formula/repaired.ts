/**
 * Rewrites what KaTeX writes for complete MathML implementations for browsers, which implement MathML Core: bars that grow with their content, lines
 * above and below, and the thin space beside function names, for which Core has no rules.
 */
import type { TreeNode } from './tree';

/** Elements whose children stand side by side. */
const rows = new Set([undefined, 'math', 'menclose', 'mpadded', 'mphantom', 'mrow', 'msqrt', 'mstyle', 'mtd']);
const scripts = new Set(['mmultiscripts', 'mover', 'msub', 'msubsup', 'msup', 'munder', 'munderover']);
/** KaTeX marks bars as relations, so browsers neither stretch them nor set them close. */
const bars: Record<string, string> = { '∣': '|', '∥': '‖' };
const application = '\u2061';
const thin: TreeNode = { type: 'mspace', attributes: { width: '0.15em' } };

export function repaired(node: TreeNode): TreeNode {
  const { type, attributes = {}, children } = node;
  if (children === undefined) return node;
  const text = textOf(node);
  if (type === 'mo' && bars[text] !== undefined && (attributes['fence'] === 'true' || attributes['stretchy'] !== undefined)) return bar(bars[text], attributes);
  if ((type === 'mover' || type === 'munder') && textOf(children[1]) === '‾') return line(type, children[0]);
  const inside = rows.has(type) ? spaced(children) : children;
  const wider = type === 'mpadded' ? /^\+([\d.]+)em$/.exec(attributes['width'] ?? '') : null;
  if (wider !== null) return { type: 'mrow', children: [margin(wider[1]), ...inside, margin(wider[1])] };
  return { ...node, children: inside };
}

function textOf(node: TreeNode | undefined): string {
  return node?.type === 'mo' && node.children?.length === 1 ? (node.children[0]?.text ?? '') : '';
}

function bar(sign: string, { stretchy = 'true', lspace = stretchy === 'true' ? '0.1em' : '0', rspace = lspace, ...rest }: Record<string, string>): TreeNode {
  return { type: 'mo', attributes: { fence: 'true', ...rest, stretchy, symmetric: 'true', lspace, rspace }, children: [{ text: sign }] };
}

function line(type: 'mover' | 'munder', base: TreeNode | undefined): TreeNode {
  return { type: 'menclose', attributes: { notation: type === 'mover' ? 'top' : 'bottom' }, children: base === undefined ? [] : [base] };
}

/** On each side; a little more, because Core has no minimum width for arrows. */
function margin(both: string | undefined): TreeNode {
  return { type: 'mspace', attributes: { width: `${Number(both) / 2 + 0.3}em` } };
}

/** A list without a type is replaced by its children. */
function flat(node: TreeNode): TreeNode[] {
  return node.type === undefined && node.children !== undefined ? node.children.flatMap(flat) : [node];
}

function spaced(list: TreeNode[]): TreeNode[] {
  const children = list.flatMap(flat);
  return children.flatMap((child, index) => {
    const before = children[index - 1];
    if (before === undefined || !isOperand(child)) return [child];
    const applied = endsInFunction(before);
    const begins = isOperand(before) && (textOf(children[index + 1]) === application || (scripts.has(child.type ?? '') && endsInFunction(child)));
    return applied || begins ? [thin, child] : [child];
  });
}

function endsInFunction(node: TreeNode | undefined): boolean {
  if (node === undefined) return false;
  if (scripts.has(node.type ?? '')) return endsInFunction(node.children?.[0]);
  return node.type === 'mrow' ? endsInFunction(node.children?.at(-1)) : textOf(node) === application;
}

/** Not an operator, nor a space, nor stretchy brackets, nor empty. */
function isOperand(node: TreeNode | undefined): boolean {
  if (node?.type === undefined || node.type === 'mo' || node.type === 'mspace') return false;
  if (node.type === 'mrow') return node.children?.length !== 0 && node.children?.[0]?.attributes?.['fence'] !== 'true';
  return !scripts.has(node.type) || node.children?.[0]?.type !== 'mo';
}
