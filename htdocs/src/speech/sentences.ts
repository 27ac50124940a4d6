/** How far a growing text can be read aloud, starting at `from`: to the end of its last complete sentence or line. */
export function spokenUpTo(text: string, from: number): number {
  const fresh = text.slice(from);
  // A full stop may be inside a number or a name; the Chinese and Japanese one is not, and no blank follows it.
  const ends = [...fresh.matchAll(/[.!?…]+["'”’)\]]*\s|[。！？]+["'”’」』）)\]]*|\n+/g)];
  const last = ends.at(-1);
  return last === undefined ? from : from + last.index + last[0].length;
}
