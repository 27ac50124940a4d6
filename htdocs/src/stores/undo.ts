/** What can still be undone; the keyboard takes back the last of it. */

export interface Offer {
  undo: () => void;
  /** Takes it off the screen. */
  close: () => void;
}

const offers: Offer[] = [];

/** Returns how to take the offer back. */
export function offerUndo(offer: Offer): () => void {
  offers.push(offer);
  return () => {
    const index = offers.indexOf(offer);
    if (index >= 0) offers.splice(index, 1);
  };
}

export function canUndo(): boolean {
  return offers.length > 0;
}

export function undoLast(): void {
  offers.pop()?.undo();
}

/** Whoever comes next is not to see what was done, nor to take it back. */
export function closeOffers(): void {
  for (const { close } of offers.splice(0)) close();
}
