/** What the reader answers to the calls of a reply. With all of them answered the reply goes on. */
import { lastAssistantMessageIsCompleteWithApprovalResponses, lastAssistantMessageIsCompleteWithToolCalls } from 'ai';
import type { Conversation } from './conversation';

/** Answers a call that the page, and not the server, has to answer. Whether the answer is on the way or with the server, and not failed. */
export async function answerTool(conversation: Conversation, tool: string, toolCallId: string, output: unknown): Promise<boolean> {
  const { chat } = conversation;
  await chat.addToolOutput({ tool, toolCallId, output });
  if (lastAssistantMessageIsCompleteWithToolCalls(chat)) await conversation.goOn();
  return conversation.activity.kind !== 'failed';
}

export async function refuseTool(conversation: Conversation, tool: string, toolCallId: string, errorText: string): Promise<void> {
  const { chat } = conversation;
  await chat.addToolOutput({ state: 'output-error', tool, toolCallId, errorText });
  if (lastAssistantMessageIsCompleteWithToolCalls(chat)) await conversation.goOn();
}

/** Allows or forbids a call. */
export async function approveTool(conversation: Conversation, id: string, approved: boolean): Promise<void> {
  const { chat } = conversation;
  await chat.addToolApprovalResponse({ id, approved });
  if (!conversation.busy && lastAssistantMessageIsCompleteWithApprovalResponses(chat)) await conversation.goOn();
}
