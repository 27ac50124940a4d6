import { getToolName, isToolUIPart } from 'ai';
import { useEffect, useRef } from 'react';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { approveTool } from '../chat/toolAnswers';
import { placeOf, useAllowed } from '../stores/allowed';

/**
 * Approves calls of tools that the user has allowed for the whole chat, but only in a reply that was received while this page was open: an older call
 * may have been left unanswered on purpose, before the tool was allowed or in another version. `here`: the end of the chat is on screen.
 */
export function useAllowedTools(conversation: Conversation, messages: Message[], userId: string, { busy, here }: { busy: boolean; here: boolean }): void {
  const tools = useAllowed((state) => (conversation.sessionId === null ? undefined : state.tools[placeOf(userId, conversation.sessionId)]));
  const answered = useRef(new Set<string>());
  const coming = useRef<Conversation | null>(null);
  const come = useRef<string | null>(null);
  const last = messages.at(-1);
  useEffect(() => {
    if (busy) {
      coming.current = conversation;
      return;
    }
    if (coming.current !== null) come.current = coming.current === conversation ? (last?.id ?? null) : null;
    coming.current = null;
    if (!here || tools === undefined || last?.role !== 'assistant' || last.id !== come.current) return;
    const ids = last.parts.flatMap((part) =>
      isToolUIPart(part) && part.state === 'approval-requested' && part.providerExecuted !== true && tools.includes(getToolName(part)) ? [part.approval.id] : [],
    );
    const fresh = ids.filter((id) => !answered.current.has(id));
    for (const id of fresh) answered.current.add(id);
    void inTurn(conversation, fresh);
  }, [conversation, last, tools, busy, here]);
}

/** The last answer makes the reply continue, once. */
async function inTurn(conversation: Conversation, ids: string[]): Promise<void> {
  for (const id of ids) await approveTool(conversation, id, true);
}
