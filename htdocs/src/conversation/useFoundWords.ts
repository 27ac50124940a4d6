import { useEffect, useRef, type RefObject } from 'react';
import type { Place } from '../chat/pages';

/** The space above and below what is scrolled into view. */
const margin = 80;

/** Marks the words of the search in the message that it has opened, and scrolls the first one into view, until something is sent. */
export function useFoundWords(box: RefObject<HTMLDivElement | null>, place: Place | null, sent: number): void {
  const words = place?.words ?? '';
  const begun = useRef<{ place: Place | null; sent: number }>({ place: null, sent: 0 });
  useEffect(() => {
    if (begun.current.place !== place) begun.current = { place, sent };
    else if (begun.current.sent !== sent) return;
    const element = box.current;
    if (element === null || place === null || words === '') return;
    const left = new AbortController();
    void import('../found/follow').then(({ followFound }) => {
      if (!left.signal.aborted) followFound(element, `[data-message="${place.messageId}"]`, words, margin, left.signal);
    }, () => undefined); // the words are just not marked
    return () => left.abort();
  }, [box, place, words, sent]);
}
