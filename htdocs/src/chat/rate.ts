import { rateMessage, type Rating } from '../api/messages';
import type { Conversation } from './conversation';

/** What the reader thinks of a reply; null takes it back. Shown at once, and taken back when the server does not take it. */
export async function rate({ chat, sessionId }: Conversation, messageId: string, rating: Rating | null): Promise<void> {
  const message = chat.messages.find(({ id }) => id === messageId);
  if (sessionId === null || message === undefined) return;
  const before: unknown = message.metadata;
  const show = (metadata: unknown): void => {
    chat.messages = chat.messages.map((each) => (each.id === messageId ? { ...each, metadata } : each));
  };
  const { rating: _, ratingComment: __, ...others } = Object(before) as Record<string, unknown>;
  show({ ...others, ...(rating !== null && { rating: rating.rating }), ...(rating?.comment !== undefined && { ratingComment: rating.comment }) });
  try {
    await rateMessage(sessionId, messageId, rating);
  } catch (error) {
    show(before);
    throw error;
  }
}
