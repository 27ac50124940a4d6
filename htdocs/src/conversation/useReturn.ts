import type { VirtualItem, Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useState } from 'react';
import type { Conversation } from '../chat/conversation';
import type { Place } from '../chat/pages';
import { isNearEnd } from './useStayAtEnd';

interface Left {
  /** null: at the end. */
  offset: number | null;
  /** The measured rows, so that the same offset is the same place. */
  rows: VirtualItem[];
  /** A reader who was sent to another message meanwhile goes there. */
  place: Place | null;
}

const left = new WeakMap<Conversation, Left>();

/** Where the reader was in this conversation before opening another view, such as the account; null on the first visit. */
export function useReturn(conversation: Conversation): Left | null {
  const [back] = useState(() => {
    const found = left.get(conversation);
    return found?.place === conversation.pages.state.getState().place ? found : null;
  });
  return back;
}

/** Notes the place on leaving. Readers who were at the end return to the end, wherever that is then. */
export function useLeaving(list: Virtualizer<HTMLDivElement, Element>, conversation: Conversation): void {
  useLayoutEffect(
    () => () => {
      const { place } = conversation.pages.state.getState();
      left.set(conversation, { offset: isNearEnd(list) ? null : list.scrollOffset, rows: list.takeSnapshot(), place });
    },
    [list, conversation],
  );
}
