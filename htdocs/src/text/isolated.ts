/** What is written from right to left: Hebrew, Arabic and their neighbours. */
const fromRight = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1eeff}]/u;

/** A name in the middle of other words, which neither moves them nor is moved by them: `beside` is those of them that are a name, too. */
export function isolated(name: string, beside = ''): string {
  return fromRight.test(name) || fromRight.test(beside) ? `\u2068${name}\u2069` : name;
}
