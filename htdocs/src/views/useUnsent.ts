import { useMemo } from 'react';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { useDelivery } from '../stores/delivery';
import { unsentOf, useOutbox, type Unsent } from '../stores/outbox';

/** The messages of the conversation that the server does not have; the one that is being sent is already among the others. */
export function useUnsent(conversation: Conversation, messages: Message[]): Unsent[] {
  const entries = useOutbox((state) => state.entries);
  const underWay = useDelivery((state) => state.underWay);
  const { sessionId } = conversation;
  return useMemo(
    () =>
      unsentOf(entries, conversation).filter(
        ({ id, edits }) => !messages.some((message) => message.id === id) && !(edits !== null && underWay.has(id)),
      ),
    [entries, underWay, conversation, sessionId, messages],
  );
}
