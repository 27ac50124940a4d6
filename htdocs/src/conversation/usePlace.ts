import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { Message } from '../api/messages';
import type { Place } from '../chat/pages';

const litTime = 2000;
/** Pages that arrive before and after the message change its index while the list is still scrolling to it. */
const settleTime = 1000;

/**
 * Scrolls to the requested message; returns the id of the message to highlight for a moment. For readers who return to the list, `been` is a place
 * that has been shown already.
 */
export function usePlace(
  list: Virtualizer<HTMLDivElement, Element>,
  messages: Message[],
  place: Place | null,
  been: Place | null,
): string | null {
  const [lit, setLit] = useState<string | null>(null);
  const asked = useRef<{ place: Place | null; until: number }>({ place: been, until: 0 });

  const index = place === null ? -1 : messages.findIndex(({ id }) => id === place.messageId);
  const found = index >= 0;

  useEffect(() => {
    if (place === null || index < 0) return;
    if (asked.current.place !== place) asked.current = { place, until: performance.now() + settleTime };
    else if (performance.now() > asked.current.until) return; // later pages do not move the reader
    list.scrollToIndex(index, { align: place.lit ? 'start' : 'auto' });
  }, [list, place, index]);

  useEffect(() => {
    if (place === null || place === been || !found || !place.lit) return;
    setLit(place.messageId);
    const timer = setTimeout(() => setLit(null), litTime);
    return () => clearTimeout(timer);
  }, [place, been, found]);

  return lit;
}
