import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { sentenceOf } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { sayError } from '../stores/sayError';
import { restOf } from './useStayAtEnd';

/** More messages are read this many pixels before the reader reaches the end. */
const foresight = 1200;

/** Reads the pages before and after what is shown as the reader comes near them. */
export function usePaging(
  list: Virtualizer<HTMLDivElement, Element>,
  conversation: Conversation,
  older: string | null,
  newer: string | null,
): void {
  const reading = useRef(false);
  const failed = useRef(false);
  const offset = list.scrollOffset; // null: not on screen yet
  const want = offset === null ? null : older !== null && offset < foresight ? 'older' : newer !== null && restOf(list) < foresight ? 'newer' : null;

  useEffect(() => {
    if (want === null) failed.current = false; // the reader has scrolled away, so the next attempt is allowed
    if (want === null || reading.current || failed.current || list.scrollRect === null) return;
    reading.current = true;
    const read = want === 'older' ? conversation.pages.readOlder() : conversation.readNewer();
    void read
      .catch((error: unknown) => {
        failed.current = true;
        sayError(sentenceOf(error));
      })
      .finally(() => {
        reading.current = false;
      });
  }, [list, conversation, want, older, newer, offset]);
}
