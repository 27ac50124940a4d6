import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useState } from 'react';
import type { Message } from '../api/messages';
import type { Place } from '../chat/conversation';

const litTime = 2000;

/** Scrolls to the message that is asked for; returns the id of the message to set off for a moment. */
export function usePlace(
  list: Virtualizer<HTMLDivElement, Element>,
  messages: Message[],
  place: Place | null,
): string | null {
  const [lit, setLit] = useState<string | null>(null);

  const index = place === null ? -1 : messages.findIndex(({ id }) => id === place.messageId);
  const found = index >= 0;

  useEffect(() => {
    if (place === null || !found) return;
    list.scrollToIndex(index, { align: place.lit ? 'start' : 'auto' });
    if (!place.lit) return;
    setLit(place.messageId);
    const timer = setTimeout(() => setLit(null), litTime);
    return () => clearTimeout(timer);
    // Only when another place is asked for, or its message is here; messages that come in later do not move the reader.
  }, [list, place, found]);

  return lit;
}
