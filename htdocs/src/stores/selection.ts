import { create } from 'zustand';

/** The sessions that are picked to be deleted together; null: none are being picked. */
export const useSelection = create<{ picked: ReadonlySet<string> | null }>()(() => ({ picked: null }));

/** The server deletes so many at once. */
export const mostPicked = 100;

export function startPicking(first: string): void {
  useSelection.setState({ picked: new Set([first]) });
}

export function stopPicking(): void {
  useSelection.setState({ picked: null });
}

export function togglePicked(id: string): void {
  useSelection.setState(({ picked }) => {
    if (picked === null) return { picked };
    const next = new Set(picked);
    if (!next.delete(id) && next.size < mostPicked) next.add(id);
    return { picked: next };
  });
}
