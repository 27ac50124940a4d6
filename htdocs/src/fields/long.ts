/** A paste with more characters becomes a file, so that the text around it stays visible. */
const longPaste = 4000;
/** A longer question is folded. */
const longQuestion = 1200;
const manyLines = 14;

export function isLongPaste(text: string): boolean {
  return text.length > longPaste;
}

export function isLongQuestion(text: string): boolean {
  return text.length > longQuestion || (text.match(/\n/g)?.length ?? 0) > manyLines;
}
