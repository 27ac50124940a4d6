import { useEffect, useRef } from 'react';
import type { Message } from '../api/messages';
import { notShorter } from '../chat/messages';

/** The messages to show: a reply that is replayed after a lost connection never shrinks. */
export function useSeamless(messages: Message[], busy: boolean): Message[] {
  const shown = useRef<Message | undefined>(undefined);
  const fresh = messages.at(-1);
  const last = busy ? notShorter(shown.current, fresh) : fresh;
  useEffect(() => {
    shown.current = last;
  }, [last]);
  return last === undefined || last === fresh ? messages : [...messages.slice(0, -1), last];
}
