/** The marks that open a formula. */
export type Delimiter = '$' | '$$' | '\\(' | '\\[';

/** A command, a relation, a sum, an index or a power: prose has none of these. */
const evidence = /\\[a-zA-Z]+|[=<>+^≤≥≠≈∈∑∫√±×÷→∞]|(?:^|[^a-zA-Z])[a-zA-Z]_|[})\]]_/;
/** A word that is not a command and not in \text{}. */
const word = /(?<![\\a-zA-Z])[a-z]{3,}/;
const shortWord = /(?<![\\a-zA-Z{])(?:[a-z]{2,}|[A-Z]{2,}|[A-Z][a-z]+)(?![a-zA-Z]*[}({])/;
const address = /:\/\//;
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
const spelledOut = /\\(?:text|mathrm|operatorname)\{[^}]*\}/g;

/**
 * Whether the text between two marks is meant as a formula. Dollars around a text that begins with a digit are often money, and escaped brackets may
 * be just that: `\[options\]`, `\[1\]`.
 */
export function looksLikeMath(content: string, delimiter: Delimiter): boolean {
  const inner = content.trim();
  if (inner === '') return false;
  switch (delimiter) {
    case '$$':
      return true;
    case '$':
      if (content !== inner) return false;
      if (!/^\d/.test(inner)) return true;
      return ![shortWord, cjk].some((prose) => prose.test(inner.replace(spelledOut, '')));
    case '\\(':
      return !address.test(inner) && (evidence.test(inner) || !word.test(inner));
    case '\\[':
      return !address.test(inner) && /[\\=<>+≤≥≠≈∈∑∫√±×÷→∞]|[\w)}\]][\^_]/.test(inner) && (evidence.test(inner) || !word.test(inner));
  }
}
