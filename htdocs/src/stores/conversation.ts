/** The conversation on screen. It follows `currentSessionId`: another session is another conversation. */
import { create } from 'zustand';
import { readSession, type Session } from '../api/sessions';
import { isOpen } from '../chat/activity';
import { Conversation } from '../chat/conversation';
import type { ConversationEvents } from '../chat/events';
import { useAttachments } from './attachments';
import { useAuth } from './auth';
import { draftKey, isWrittenIn, useDrafts } from './drafts';
import { tellOtherTabs } from './otherTabs';
import { becameSession, choiceOf, learnChoice, offerModels, useModels } from './models';
import { keepWritten } from './missing';
import { acknowledged, notSent } from './outbox';
import { place, refreshSessions, replyStarted } from './sessionPages';
import { useSessionStore } from './sessions';
import { useTarget } from './target';

const events: ConversationEvents = {
  onStart: (sessionId) => {
    tellOtherTabs(sessionId);
    replyStarted(sessionId);
  },
  onSession: (sessionId, firstText) => void showNewSession(sessionId, firstText),
  onProgress: () => void refreshSessions(),
  onTaken: acknowledged,
  onNotSent: notSent,
  onMissing: keepWritten,
  onModelGone: () => offerModels({ kind: 'chat' }),
  choice: choiceOf,
};

export const useConversation = create<{ conversation: Conversation }>()(() => ({
  conversation: new Conversation(null, events),
}));

/** "New chat": clears the current session and its messages. The server learns of it with the first message. */
export function newSession(): void {
  openUnsent(undefined);
}

/** Opens a new session whose first message could not be sent; the page identifies it by this id. */
export function openUnsent(chatId: string | undefined): void {
  useSessionStore.getState().clearCurrent();
  replaceConversation(null, chatId);
}

/** Opens the session that the store names, unless that conversation is already on screen. */
export function followCurrentSession(): void {
  const { currentSessionId } = useSessionStore.getState();
  if (currentSessionId !== useConversation.getState().conversation.sessionId) replaceConversation(currentSessionId);
}

export function openConversation(): void {
  const { messageId, words } = useTarget.getState();
  void useConversation.getState().conversation.open(messageId, words);
}

/** Brings the requested message on screen if its session is already open. */
export function followTarget(): void {
  const { messageId, words } = useTarget.getState();
  const { conversation } = useConversation.getState();
  const here = conversation.sessionId === useSessionStore.getState().currentSessionId;
  if (messageId === null || !here || !isOpen(conversation.activity)) return;
  void conversation.showMessage(messageId, words);
}

function replaceConversation(sessionId: string | null, chatId?: string): void {
  useConversation.getState().conversation.close();
  useConversation.setState({ conversation: new Conversation(sessionId, events, chatId) });
  if (useAuth.getState().phase === 'in') openConversation();
}

/** What was typed and attached here since the first message belongs to the chat that it has become. */
export function takeAlong(chatId: string, sessionId: string): void {
  const { user } = useAuth.getState();
  if (user === null || !isWrittenIn(chatId)) return;
  const [from, to] = [draftKey(user.id, null), draftKey(user.id, sessionId)];
  useDrafts.getState().moveDraft(from, to);
  useAttachments.getState().move(from, to);
}

/** The new session is in the list at once; its real title follows. */
async function showNewSession(sessionId: string, firstText: string): Promise<void> {
  const now = new Date().toISOString();
  const { addSession, setCurrentSession } = useSessionStore.getState();
  const { chat } = useConversation.getState().conversation;
  const temporary = useModels.getState().picked[chat.id]?.temporary === true;
  const session: Session = { id: sessionId, title: [...firstText].slice(0, 50).join(''), createTime: now, updateTime: now, status: 'streaming', pinned: false, archived: false };
  becameSession(chat.id, sessionId);
  takeAlong(chat.id, sessionId);
  if (!temporary) addSession(session);
  setCurrentSession(sessionId);
  if (temporary) place({ ...session, temporary });
  try {
    const session = await readSession(sessionId);
    learnChoice(session);
    if (session.temporary === true) place(session);
    else addSession(session);
  } catch {
    // The list is read again when the reply ends.
  }
}
