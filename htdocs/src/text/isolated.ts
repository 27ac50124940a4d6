/** Scripts written from right to left: Hebrew, Arabic and their neighbours. */
const fromRight = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1eeff}]/u;

/** Isolates a name in the middle of other words, so that neither changes the order of the other; `beside` are adjacent words that are also a name. */
export function isolated(name: string, beside = ''): string {
  return fromRight.test(name) || fromRight.test(beside) ? `\u2068${name}\u2069` : name;
}
