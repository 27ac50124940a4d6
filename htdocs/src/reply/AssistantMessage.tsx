import { t } from '@lingui/core/macro';
import { isToolUIPart } from 'ai';
import { memo } from 'react';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { joinedParts } from '../chat/joinedParts';
import type { ReplyState } from '../chat/replyState';
import { Boundary } from '../controls/Boundary';
import { later } from '../controls/later';
import { withTexts } from '../i18n/language';
import { SentFiles } from '../message/SentFiles';
import { Unshown } from '../message/Unshown';
import { Markdown } from '../prose/Markdown';
import type { ToolCallProps } from '../tools/ToolCall';
import { Dots } from './Dots';
import { Reasoning } from './Reasoning';
import { ReplyFooter } from './ReplyFooter';
import { StillWaiting } from './StillWaiting';

/**
 * Few replies call tools or name sources, so the code to show them is loaded with the first. A failure to load it is shown, because a tool may wait
 * for an approval.
 */
const missing = (_: object, problem: unknown) => (problem === null ? null : <Unshown />);
const SourceList = later<{ parts: Message['parts'] }>(async () => (await withTexts(import('./SourceList'))).SourceList, missing);
const ToolCall = later<ToolCallProps>(async () => (await withTexts(import('../tools/ToolCall'))).ToolCall, missing);

interface AssistantMessageProps {
  message: Message;
  conversation: Conversation;
  state: ReplyState;
}

export const AssistantMessage = memo(function AssistantMessage({ message, conversation, state }: AssistantMessageProps) {
  const streaming = state.kind === 'streaming';
  const parts = joinedParts(message.parts);
  const end = parts.findLast(({ type }) => type !== 'step-start');
  return (
    <article aria-label={t`Reply`} aria-busy={streaming} className="group/reply grid grid-cols-1 gap-4">
      <h2 className="sr-only select-none">{t`Reply`}</h2>
      {parts.map((part, index) => (
        <Boundary key={index} of={part} instead={<Unshown />}>
          <Part
            id={`${message.id}/${index}`}
            part={part}
            streaming={streaming && index === parts.length - 1}
            conversation={state.kind === 'last' ? conversation : null}
            over={state.kind === 'earlier'}
          />
        </Boundary>
      ))}
      <Boundary of={message.parts} instead={<Unshown />}>
        {message.parts.some(({ type }) => type.startsWith('source-')) && <SourceList parts={message.parts} />}
      </Boundary>
      {streaming && !isGrowing(end) && <Dots />}
      {streaming ? (
        <StillWaiting since={message} tool={end !== undefined && isToolUIPart(end) && end.state === 'input-available'} />
      ) : (
        <ReplyFooter message={message} conversation={conversation} state={state} />
      )}
    </article>
  );
}, isSame);

/** The state is a new object each time, so it is compared by value. */
function isSame(before: AssistantMessageProps, after: AssistantMessageProps): boolean {
  return before.message === after.message && before.conversation === after.conversation && JSON.stringify(before.state) === JSON.stringify(after.state);
}

/** The last part is a text, so no placeholder is needed; reasoning shows by itself that it continues. */
function isGrowing(end: Message['parts'][number] | undefined): boolean {
  if (end?.type === 'text') return end.text !== '';
  return end?.type === 'reasoning' && end.state !== 'done';
}

/** A part that has ended is not drawn again while later parts are received. */
const Part = memo(
  function Part({
    id,
    part,
    streaming,
    conversation,
    over,
  }: {
    id: string;
    part: Message['parts'][number];
    streaming: boolean;
    conversation: Conversation | null;
    over: boolean;
  }) {
    if (part.type === 'text') return part.text === '' ? null : <Markdown text={part.text} streaming={streaming} />;
    // Reasoning that the model does not reveal has no text.
    if (part.type === 'reasoning') return part.text === '' && !streaming ? null : <Reasoning id={id} text={part.text} streaming={streaming} />;
    if (part.type === 'file') return <SentFiles files={[part]} />;
    if (isToolUIPart(part)) return <ToolCall part={part} conversation={conversation} over={over} />;
    return null;
  },
  (before, after) =>
    before.streaming === after.streaming &&
    before.conversation === after.conversation &&
    before.over === after.over &&
    (before.part === after.part || (!after.streaming && JSON.stringify(before.part) === JSON.stringify(after.part))),
);
