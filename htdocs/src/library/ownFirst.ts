/** One's own and others' objects, each with a heading, unless empty. */
export function ownFirst<T extends { mine: boolean }>(items: readonly T[], own: string, others: string): [heading: string, items: T[]][] {
  const groups: [string, T[]][] = [
    [own, items.filter(({ mine }) => mine)],
    [others, items.filter(({ mine }) => !mine)],
  ];
  return groups.filter(([, group]) => group.length > 0);
}
