/** A paste that has more characters than this becomes a file: what is written around it stays in sight. */
const longPaste = 4000;
/** A question that is longer is folded. */
const longQuestion = 1200;
const manyLines = 14;

export function isLongPaste(text: string): boolean {
  return text.length > longPaste;
}

export function isLongQuestion(text: string): boolean {
  return text.length > longQuestion || (text.match(/\n/g)?.length ?? 0) > manyLines;
}
