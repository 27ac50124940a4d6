import { getToolName, isToolUIPart } from 'ai';
import { useEffect, useRef } from 'react';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { placeOf, useAllowed } from '../stores/allowed';

/** Allows the calls of tools that their user has allowed for the whole chat. `idle`: no reply is running, and the end of the chat is here. */
export function useAllowedTools(conversation: Conversation, messages: Message[], userId: string, idle: boolean): void {
  const tools = useAllowed((state) => (conversation.sessionId === null ? undefined : state.tools[placeOf(userId, conversation.sessionId)]));
  const answered = useRef(new Set<string>());
  const last = messages.at(-1);
  useEffect(() => {
    if (!idle || tools === undefined || last?.role !== 'assistant') return;
    const ids = last.parts.flatMap((part) =>
      isToolUIPart(part) && part.state === 'approval-requested' && part.providerExecuted !== true && tools.includes(getToolName(part)) ? [part.approval.id] : [],
    );
    const fresh = ids.filter((id) => !answered.current.has(id));
    for (const id of fresh) answered.current.add(id);
    void inTurn(conversation, fresh);
  }, [conversation, last, tools, idle]);
}

/** The last answer lets the reply go on, once. */
async function inTurn(conversation: Conversation, ids: string[]): Promise<void> {
  for (const id of ids) await conversation.approveTool(id, true);
}
