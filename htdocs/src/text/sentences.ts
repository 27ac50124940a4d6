/** How far a growing text can be read out from `from` on: to the end of its last whole sentence or line. */
export function spokenUpTo(text: string, from: number): number {
  const fresh = text.slice(from);
  // A full stop may be within a number or a name; those of Chinese and Japanese are not, and no blank follows them.
  const ends = [...fresh.matchAll(/[.!?…]+["'”’)\]]*\s|[。！？]+["'”’」』）)\]]*|\n+/g)];
  const last = ends.at(-1);
  return last === undefined ? from : from + last.index + last[0].length;
}
