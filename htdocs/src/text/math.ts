/** How formulas are written: models write \( \), \[ \], $ $ and $$ $$; the renderer knows $$ $$ alone, so that money stays money. */

const codeOrNot = /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`[^`\n]*`)/;
/** Between single dollars, touching them, and with a sign that prose about money does not have. */
const dollars = /(?<![\\$\w])\$(?![\s$\d])((?:[^$\n\\]|\\.)*?)(?<!\s)\$(?![\w$])/g;

export function holdsMath(text: string): boolean {
  return /\$\$|\\\(|\\\[/.test(text) || text.search(dollars) >= 0;
}

/** The same text with all formulas between double dollars; code is left alone. */
export function withDoubleDollars(text: string): string {
  return text
    .split(codeOrNot)
    .map((piece, index) => (index % 2 === 1 ? piece : convert(piece)))
    .join('');
}

function convert(text: string): string {
  return text
    .replace(/^([ \t]*)\\\[([\s\S]*?)\\\]/gm, (_, indent: string, formula: string) => `${indent}$$\n${indent}${formula.trim()}\n${indent}$$`)
    .replace(/\\\[([\s\S]*?)\\\]/g, (_, formula: string) => `$$${formula.trim()}$$`)
    .replace(/\\\(([\s\S]*?)\\\)/g, (_, formula: string) => `$$${formula.trim()}$$`)
    .replace(dollars, (_, formula: string) => `$$${formula}$$`);
}
