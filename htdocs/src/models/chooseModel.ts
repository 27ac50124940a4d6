import { isModelGone } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { newSession, useConversation } from '../stores/conversation';
import { sendNow } from '../stores/delivery';
import { choiceOf, pickAssistant, type Picking } from '../stores/models';
import { changeUnsent, unsentOf, useOutbox } from '../stores/outbox';
import { askedAgain, pickModel } from '../stores/picking';

/** Does what the model was picked for; whatever was waiting for a model continues. */
export async function chooseModel(conversation: Conversation, picking: Picking, model: string): Promise<void> {
  if (picking.kind === 'reply') {
    // A reply may have begun since the list was opened; this then counts as closing the list.
    if (conversation.busy || conversation.activity.kind === 'preparing') return;
    askedAgain(conversation, model);
    return conversation.regenerate(picking.messageId, { model });
  }
  await pickModel(conversation, model);
  const { activity, sessionId } = conversation;
  const unsent = unsentOf(useOutbox.getState().entries, conversation);
  if (sessionId === null) await Promise.all(unsent.map(({ id, choice }) => changeUnsent(id, { choice: { ...choice, model } })));
  const [first, ...later] = unsent.filter(({ modelGone }) => modelGone === true);
  if (first !== undefined) {
    const sent = sendNow(first);
    for (const { id } of later) void changeUnsent(id, { state: 'waiting', reason: null, modelGone: false });
    return sent;
  }
  if (activity.kind === 'failed' && isModelGone(activity.error)) await conversation.retry();
}

/** A new chat begins with this assistant, or with none; an existing chat stays as it is, and a new one is opened. */
export async function chooseAssistant(conversation: Conversation, assistant: string | null): Promise<void> {
  if (conversation.sessionId !== null) newSession();
  const { conversation: fresh } = conversation.sessionId === null ? { conversation } : useConversation.getState();
  pickAssistant(fresh, assistant);
  const unsent = unsentOf(useOutbox.getState().entries, fresh);
  await Promise.all(unsent.map(({ id }) => changeUnsent(id, { choice: choiceOf(fresh) })));
}
