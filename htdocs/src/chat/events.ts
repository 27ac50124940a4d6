import type { Message } from '../api/messages';
import type { Choice } from '../api/models';

/** What a conversation tells the page, and asks from it. */
export interface ConversationEvents {
  /** A reply is being written in an existing session. */
  onStart: (sessionId: string) => void;
  /** The server has created a session for the first message. */
  onSession: (sessionId: string, firstText: string) => void;
  /** A request has ended, successfully or not. */
  onProgress: () => void;
  /** The server has the message. */
  onTaken: (messageId: string, sessionId: string | null) => void;
  /** The message could not be sent, or the conversation was left (null) before the server answered. It is no longer shown. */
  onNotSent: (messageId: string, error: unknown) => void;
  /** The session does not exist. These messages of it were on screen. */
  onMissing?: (sessionId: string, shown: Message[]) => void;
  /** The model that was asked no longer exists. */
  onModelGone?: () => void;
  /** The model of a chat and how it is asked; undefined: as on the server. */
  choice?: (conversation: { sessionId: string | null; chat: { id: string } }) => Choice;
}
