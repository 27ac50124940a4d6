/** Ignores case and accents. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The items whose text contains all of these words, in order. */
export function matching<T>(items: readonly T[], words: string, textOf: (item: T) => string): T[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return wanted.length === 0 ? [...items] : items.filter((item) => wanted.every((word) => plain(textOf(item)).includes(word)));
}
