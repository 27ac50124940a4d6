import { isToolUIPart } from 'ai';
import { memo } from 'react';
import type { Message } from '../api/messages';
import { Markdown } from './Markdown';
import { Reasoning } from './Reasoning';
import { ReplyFooter } from './ReplyFooter';
import { SourceLink } from './SourceLink';
import { ToolCall } from './ToolCall';

/** `onRetry`: makes the reply anew; null where that is not offered. */
export const AssistantMessage = memo(function AssistantMessage({
  message,
  streaming,
  onRetry,
}: {
  message: Message;
  streaming: boolean;
  onRetry: (() => void) | null;
}) {
  return (
    <article aria-label="Reply" aria-busy={streaming} className="group/reply grid grid-cols-1 gap-4">
      <h2 className="sr-only">Reply</h2>
      {message.parts.map((part, index) => {
        const last = streaming && index === message.parts.length - 1;
        return <Part key={index} part={part} streaming={last} />;
      })}
      {!streaming && <ReplyFooter message={message} onRetry={onRetry} />}
    </article>
  );
});

function Part({ part, streaming }: { part: Message['parts'][number]; streaming: boolean }) {
  if (part.type === 'text') return <Markdown text={part.text} streaming={streaming} />;
  if (part.type === 'reasoning') return <Reasoning text={part.text} streaming={streaming} />;
  if (part.type === 'source-url') return <SourceLink url={part.url} title={part.title ?? part.url} />;
  if (isToolUIPart(part)) return <ToolCall part={part} />;
  return null;
}
