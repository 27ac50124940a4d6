/** The reader's answers to the calls of a reply. When all are answered, the reply continues. */
import { lastAssistantMessageIsCompleteWithApprovalResponses, lastAssistantMessageIsCompleteWithToolCalls } from 'ai';
import type { Conversation } from './conversation';

/** Answers a call that the page has to answer, not the server. Returns whether the answer was sent or is being sent. */
export async function answerTool(conversation: Conversation, tool: string, toolCallId: string, output: unknown): Promise<boolean> {
  const { chat } = conversation;
  await chat.addToolOutput({ tool, toolCallId, output });
  await itsEnd(conversation);
  if (lastAssistantMessageIsCompleteWithToolCalls(chat)) await conversation.goOn();
  return conversation.activity.kind !== 'failed';
}

export async function refuseTool(conversation: Conversation, tool: string, toolCallId: string, errorText: string): Promise<void> {
  const { chat } = conversation;
  await chat.addToolOutput({ state: 'output-error', tool, toolCallId, errorText });
  await itsEnd(conversation);
  if (lastAssistantMessageIsCompleteWithToolCalls(chat)) await conversation.goOn();
}

/** Allows or forbids a call. */
export async function approveTool(conversation: Conversation, id: string, approved: boolean): Promise<void> {
  const { chat } = conversation;
  await chat.addToolApprovalResponse({ id, approved });
  await itsEnd(conversation);
  if (lastAssistantMessageIsCompleteWithApprovalResponses(chat)) await conversation.goOn();
}

/** A call can be answered as soon as it is shown, but the reply can only continue after its end. */
function itsEnd(conversation: Conversation): Promise<void> {
  if (!conversation.busy) return Promise.resolve();
  return new Promise((ended) => {
    const deaf = conversation.state.subscribe(() => {
      if (conversation.busy) return;
      deaf();
      ended();
    });
  });
}
