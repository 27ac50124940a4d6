import { rateMessage, type Rating } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { tellOtherTabs } from './otherTabs';

/** Rates a reply; null withdraws the rating. Shown at once, and reverted if the server refuses. */
export async function rate(conversation: Conversation, messageId: string, rating: Rating | null): Promise<void> {
  const { sessionId, chat } = conversation;
  const before = chat.messages.find(({ id }) => id === messageId)?.metadata;
  if (sessionId === null || before === undefined) return;
  showRating(conversation, messageId, rating);
  try {
    await rateMessage(sessionId, messageId, rating);
    tellOtherTabs(sessionId, { kind: 'rating', messageId, rating });
  } catch (error) {
    showMetadata(conversation, messageId, before);
    throw error;
  }
}

/** The server already has it. */
export function showRating(conversation: Conversation, messageId: string, rating: Rating | null): void {
  const { rating: _, ratingComment: __, ...others } = Object(conversation.chat.messages.find(({ id }) => id === messageId)?.metadata) as Record<string, unknown>;
  showMetadata(conversation, messageId, { ...others, ...(rating !== null && { rating: rating.rating }), ...(rating?.comment !== undefined && { ratingComment: rating.comment }) });
}

function showMetadata({ chat }: Conversation, messageId: string, metadata: unknown): void {
  if (chat.messages.some(({ id }) => id === messageId)) chat.messages = chat.messages.map((each) => (each.id === messageId ? { ...each, metadata } : each));
}
