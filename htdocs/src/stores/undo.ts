/** What can still be undone; the keyboard undoes the latest. */

interface Offer {
  undo: () => void;
  /** Removes it from the screen. */
  close: () => void;
}

const offers: Offer[] = [];

/** Returns a function that withdraws the offer. */
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

/** The next user must neither see what was done nor undo it. */
export function closeOffers(): void {
  for (const { close } of offers.splice(0)) close();
}
