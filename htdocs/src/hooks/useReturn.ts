import type { VirtualItem, Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useState } from 'react';
import type { Conversation } from '../chat/conversation';
import type { Place } from '../chat/pages';
import { isNearEnd } from './useStayAtEnd';

interface Left {
  offset: number;
  /** The rows that had a size, so that the same offset is the same place. */
  rows: VirtualItem[];
  /** Whoever was sent to another message meanwhile goes there. */
  place: Place | null;
}

const left = new WeakMap<Conversation, Left>();

/** Where the reader was in this conversation before looking at another view, such as the account; null: at its end, or not here yet. */
export function useReturn(conversation: Conversation): Left | null {
  const [back] = useState(() => {
    const found = left.get(conversation);
    return found?.place === conversation.pages.state.getState().place ? found : null;
  });
  return back;
}

/** Notes the place on leaving. At the end there is none to note: the end is where readers who were there come back to. */
export function useLeaving(list: Virtualizer<HTMLDivElement, Element>, conversation: Conversation): void {
  useLayoutEffect(
    () => () => {
      const offset = list.scrollOffset;
      if (offset === null || isNearEnd(list)) left.delete(conversation);
      else left.set(conversation, { offset, rows: list.takeSnapshot(), place: conversation.pages.state.getState().place });
    },
    [list, conversation],
  );
}
