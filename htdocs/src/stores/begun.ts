/** What was picked for a new chat is kept with its draft: an assistant, a model, that it is temporary. */
import type { Choice } from '../api/models';
import { useAttachments } from './attachments';
import { useAuth } from './auth';
import { useConversation } from './conversation';
import { choiceKey, draftKey, isWrittenIn, useDrafts } from './drafts';
import { useModels } from './models';

/** Notes each choice for the open new chat, and again when something is typed for it, until its first message is sent. */
export function followBegun(): void {
  useModels.subscribe(({ picked }, before) => {
    const { user } = useAuth.getState();
    const { id } = useConversation.getState().conversation.chat;
    if (user !== null && picked[id] !== before.picked[id]) keep(user.id, picked[id]);
  });
  useDrafts.subscribe(({ drafts }, before) => {
    const { user } = useAuth.getState();
    const { sessionId, chat } = useConversation.getState().conversation;
    if (user === null || sessionId !== null || !isWrittenIn(chat.id)) return;
    const key = draftKey(user.id, null);
    if (drafts[key] !== undefined && before.drafts[key] === undefined) keep(user.id, useModels.getState().picked[chat.id]);
  });
}

/** A new chat is open, after a reload or after viewing another chat: it gets the choices that were left. */
export function beginAsLeft(): void {
  const { user } = useAuth.getState();
  const { sessionId, chat } = useConversation.getState().conversation;
  if (user === null || sessionId !== null) return;
  const key = draftKey(user.id, null);
  const { drafts } = useDrafts.getState();
  const isTyped = drafts[key] !== undefined || (useAttachments.getState().files[key] ?? []).length > 0;
  const left = isTyped ? choiceOf(drafts[choiceKey(user.id)]) : null;
  if (left !== null) useModels.setState(({ picked }) => ({ picked: { ...picked, [chat.id]: { ...left, ...picked[chat.id] } } }));
}

/** The same, once all drafts and files are known: without any, the choice is dropped, except for the current one. */
export function beginOrForget(): void {
  beginAsLeft();
  const { user } = useAuth.getState();
  const { sessionId, chat } = useConversation.getState().conversation;
  if (user !== null && sessionId === null) keep(user.id, useModels.getState().picked[chat.id]);
}

function keep(userId: string, choice: Choice | undefined): void {
  const { drafts, setDraft } = useDrafts.getState();
  const [before, now] = [drafts[choiceKey(userId)] ?? '', choice === undefined ? '' : JSON.stringify(choice)];
  // Nothing is written for a user whose drafts have not been read yet: it would replace them all.
  if (now !== before) setDraft(choiceKey(userId), now);
}

function choiceOf(stored: string | undefined): Choice | null {
  try {
    return stored === undefined ? null : (JSON.parse(stored) as Choice);
  } catch {
    return null; // from another version of the page
  }
}
