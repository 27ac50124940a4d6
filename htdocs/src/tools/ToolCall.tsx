import { t } from '@lingui/core/macro';
import { getToolName, type DynamicToolUIPart, type ToolUIPart } from 'ai';
import { Ban, Check, CircleAlert, LoaderCircle, MessageCircleQuestion, Wrench } from 'lucide-react';
import { replySentence } from '../api/replySentences';
import type { Conversation } from '../chat/conversation';
import { ToolAnswer } from './ToolAnswer';
import { ToolApproval } from './ToolApproval';
import { ToolInput } from './ToolInput';
import { ToolValue } from './ToolValue';
import { useToolDescription } from './useToolDescription';

type Tool = ToolUIPart | DynamicToolUIPart;
export type ToolCallProps = { part: Tool; conversation: Conversation | null; over: boolean };

const states: Record<Tool['state'], () => string> = {
  'input-streaming': () => t`preparing`,
  'input-available': () => t`called`,
  'approval-requested': () => t`needs your approval`,
  'approval-responded': () => t`answered`,
  'output-available': () => t`done`,
  'output-error': () => t`failed`,
  'output-denied': () => t`denied`,
};

const icons: Record<Tool['state'], typeof Check> = {
  'input-streaming': LoaderCircle,
  'input-available': Wrench,
  'approval-requested': MessageCircleQuestion,
  'approval-responded': Wrench,
  'output-available': Check,
  'output-error': CircleAlert,
  'output-denied': Ban,
};

/**
 * A tool call of the model, with its input and output. `conversation`: the reader can answer now, because no reply is running; the call stays open
 * while it waits for that. `over`: the conversation has continued, so nobody will answer.
 */
export function ToolCall({ part, conversation, over }: ToolCallProps) {
  const name = getToolName(part);
  const waits = conversation !== null && part.providerExecuted !== true;
  const isOpen = part.providerExecuted !== true && (part.state === 'approval-requested' || part.state === 'input-available');
  const asks = waits && isOpen;
  const description = useToolDescription(name, asks);
  const Icon = over && isOpen ? Ban : icons[part.state];
  return (
    <details open={asks || undefined} className="rounded-xl border border-line bg-raised text-sm" data-state={part.state}>
      <summary className="flex cursor-pointer items-center gap-2.5 px-3.5 py-2.5">
        <Icon className="size-4 shrink-0 text-soft" aria-hidden="true" />
        <span className="font-medium wrap-anywhere">{part.title ?? name}</span>
        <span className="text-soft">{over && isOpen ? t`not answered` : states[part.state]()}</span>
      </summary>
      <div className="grid grid-cols-1 gap-3 border-t border-line p-3.5">
        {description !== null && <p dir="auto">{description}</p>}
        {part.input !== undefined && <ToolInput value={part.input} />}
        {over && isOpen && <p className="text-soft">{t`The chat went on without an answer, so this wasn’t run.`}</p>}
        {part.state === 'output-available' && <ToolValue label={t`Output`} value={part.output} />}
        {part.state === 'output-error' && <p className="text-danger">{replySentence(part.errorText)}</p>}
        {waits && part.state === 'approval-requested' && <ToolApproval id={part.approval.id} tool={name} conversation={conversation} />}
        {waits && part.state === 'input-available' && (
          <ToolAnswer tool={name} toolCallId={part.toolCallId} conversation={conversation} />
        )}
      </div>
    </details>
  );
}
