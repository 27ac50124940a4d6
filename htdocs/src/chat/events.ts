import type { Message } from '../api/messages';
import type { Choice } from '../api/models';

/** What a conversation tells the page, and asks it. */
export interface ConversationEvents {
  /** A reply is being written in a session that existed before. */
  onStart: (sessionId: string) => void;
  /** The server made a session for the first message. */
  onSession: (sessionId: string, firstText: string) => void;
  /** A request has come to its end, well or not. */
  onProgress: () => void;
  /** The server has the message. */
  onTaken: (messageId: string, sessionId: string | null) => void;
  /** The message could not be sent, or the conversation was left (null) before the server answered. It is shown no more. */
  onNotSent: (messageId: string, error: unknown) => void;
  /** There is no such session. These messages of it were on screen. */
  onMissing?: (sessionId: string, shown: Message[]) => void;
  /** The model that was asked is not there any more. */
  onModelGone?: () => void;
  /** Who is asked in a chat, and how; nothing: as the server has it. */
  choice?: (conversation: { sessionId: string | null; chat: { id: string } }) => Choice;
}
