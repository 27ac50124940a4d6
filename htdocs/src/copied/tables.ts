/** A table of a reply in the formats that other programs accept. */
import type { Element, ElementContent } from 'hast';

type Align = 'left' | 'center' | 'right' | null;

interface Cell {
  markdown: string;
  text: string;
}

export interface Table {
  aligns: Align[];
  /** The first row is the head. */
  rows: Cell[][];
}

export function tableOf(node: Element | undefined): Table {
  const rows = node === undefined ? [] : elements(node, ['tr']);
  const cells = rows.map((row) => elements(row, ['th', 'td']));
  return {
    aligns: (cells[0] ?? []).map(alignOf),
    rows: cells.map((row) => row.map((cell) => ({ markdown: markdownOf(cell.children).trim(), text: textOf(cell.children).trim() }))),
  };
}

export function toMarkdownTable({ aligns, rows: [head = [], ...rows] }: Table): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  const rule = { left: ':---', center: ':---:', right: '---:' };
  const lines = [head, ...rows].map((row) => line(row.map(({ markdown }) => markdown)));
  lines.splice(1, 0, line(aligns.map((align) => (align === null ? '---' : rule[align]))));
  return `${lines.join('\n')}\n`;
}

/** RFC 4180; the field separator of locales with a decimal comma is quoted, too. */
export function toCsv({ rows }: Table): string {
  const field = (text: string): string => (/[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => `${row.map(({ text }) => field(harmless(text))).join(',')}\r\n`).join('');
}

/** What spreadsheets take from the clipboard: one line a row, for those that take no HTML, too. */
export function toTabs({ rows }: Table): string {
  return rows.map((row) => row.map(({ text }) => harmless(text).replace(/\s+/g, ' ')).join('\t')).join('\n');
}

export function toHtml({ rows: [head = [], ...rows] }: Table): string {
  const line = (row: Cell[], name: string): string => `<tr>${row.map(({ text }) => `<${name}>${escaped(harmless(text)).replaceAll('\n', '<br>')}</${name}>`).join('')}</tr>`;
  return `<meta charset="utf-8"><table><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table>`;
}

/**
 * A spreadsheet runs what begins like a formula, and a model may have been talked into writing one that carries data away: an apostrophe
 * makes it a text. Numbers are no formulas.
 */
function harmless(text: string): string {
  return text.split('\n').map(harmlessLine).join('\n');
}

function harmlessLine(text: string): string {
  const isNumber = /^[-+]?[\d.,'\s\u00a0\u202f]*\d\s?[%€$£¥]?$/.test(text) || text.length === 1;
  return /^\s*[=+\-@＝＋－＠]/.test(text) && !isNumber ? `'${text}` : text;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function elements(node: Element, names: string[]): Element[] {
  return node.children.flatMap((child) => (child.type !== 'element' ? [] : names.includes(child.tagName) ? [child] : elements(child, names)));
}

function alignOf({ properties }: Element): Align {
  const said = properties['align'] ?? /text-align:\s*(\w+)/.exec(String(properties['style'] ?? ''))?.[1];
  return said === 'left' || said === 'center' || said === 'right' ? said : null;
}

function textOf(nodes: ElementContent[]): string {
  return nodes.map((node) => (node.type === 'text' ? node.value : node.type !== 'element' ? '' : node.tagName === 'br' ? '\n' : node.tagName === 'img' ? altOf(node) : textOf(node.children))).join('');
}

function markdownOf(nodes: ElementContent[]): string {
  return nodes.map((node) => (node.type === 'text' ? quoted(node.value) : node.type === 'element' ? markedUp(node) : '')).join('');
}

/** What the text of a cell must not turn into. */
function quoted(text: string): string {
  return text.replace(/[\\`*[\]<|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&').replace(/\s*\n\s*/g, ' ');
}

function markedUp(node: Element): string {
  const inner = markdownOf(node.children);
  switch (node.tagName) {
    case 'br':
      return '<br>';
    case 'strong':
      return `**${inner}**`;
    case 'em':
      return `*${inner}*`;
    case 'del':
      return `~~${inner}~~`;
    case 'a':
      if (isBare(node)) return textOf(node.children);
      return `[${inner}](<${String(node.properties['href'] ?? '')}>)`;
    case 'img':
      return `![${quoted(altOf(node))}](<${String(node.properties['src'] ?? '')}>)`;
    case 'code':
      return codeOf(node);
    default:
      return inner;
  }
}

/** An address without a text of its own, which the renderer has made a link. */
function isBare({ children, properties }: Element): boolean {
  const text = textOf(children);
  const href = String(properties['href'] ?? '');
  return ['', 'http://', 'https://', 'mailto:'].some((scheme) => href === scheme + text || href === `${scheme}${text}/`);
}

/** Code, or a formula (formulas.ts). */
function codeOf(node: Element): string {
  const text = textOf(node.children);
  const classes = node.properties['className'];
  if (Array.isArray(classes) && classes.some((name) => String(name).startsWith('language-math-'))) return `\\(${text.replaceAll('|', '\\vert ')}\\)`;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(text) ? ' ' : '';
  return `${fence}${space}${text.replaceAll('|', '\\|')}${space}${fence}`;
}

function altOf({ properties }: Element): string {
  return String(properties['alt'] ?? '');
}
