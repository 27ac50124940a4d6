import { create } from 'zustand';

interface Selection {
  /** The selected sessions; null if none are being selected. */
  picked: ReadonlySet<string> | null;
  where: 'list' | 'archive';
  /** The one that was ticked last: a range begins there. */
  last: string | null;
  /** More sessions were wanted than can be selected. */
  full: boolean;
}

const none: Selection = { picked: null, where: 'list', last: null, full: false };

export const useSelection = create<Selection>()(() => none);

/** The server's limit for one deletion. */
export const mostPicked = 100;

export function startPicking(first: string, where: Selection['where'] = 'list'): void {
  useSelection.setState({ picked: new Set([first]), where, last: first, full: false });
}

export function stopPicking(): void {
  useSelection.setState(none, true);
}

/** `order`: the visible sessions, if everything from the last one to this one is meant. */
export function togglePicked(id: string, order: string[] = []): void {
  useSelection.setState(({ picked, last }) => {
    const next = new Set(picked);
    const on = !next.has(id);
    let full = false;
    for (const each of rangeOf(order, last ?? id, id)) {
      if (!on) next.delete(each);
      else if (next.size < mostPicked) next.add(each);
      else full ||= !next.has(each);
    }
    return picked === null ? {} : { picked: next, last: id, full };
  });
}

function rangeOf(order: string[], from: string, to: string): string[] {
  const ends = [order.indexOf(from), order.indexOf(to)].sort((a, b) => a - b);
  const [first = -1, last = -1] = ends;
  return first < 0 ? [to] : order.slice(first, last + 1);
}
