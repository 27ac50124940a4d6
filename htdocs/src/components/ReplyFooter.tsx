import { RotateCcw } from 'lucide-react';
import type { Message, MessageMetadata } from '../api/messages';
import { textOf } from '../chat/conversation';
import { IconButton } from './Button';
import { CopyButton } from './CopyButton';
import { Notice } from './Notice';

type Status = NonNullable<MessageMetadata['status']>;

/** A reply that did not come to its end, where it can be made again. */
const endings: Partial<Record<Status, string>> = {
  interrupted: 'This reply was interrupted. What had been shown is kept.',
  error: 'The model could not finish this reply.',
};

const marks: Record<Status, string> = { complete: '', stopped: 'stopped', interrupted: 'interrupted', error: 'not finished' };

/** Only the last reply shows its tools at all times. */
const quiet = 'opacity-0 transition-opacity group-hover/reply:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100';

/** Below a reply that has ended: how it ended, what can be done with it, and what it took. */
export function ReplyFooter({ message, onRetry }: { message: Message; onRetry: (() => void) | null }) {
  const { status, model, usage } = message.metadata ?? {};
  const ending = onRetry === null || status === undefined ? undefined : endings[status];
  const text = textOf(message);
  const tokens = usage?.totalTokens === undefined ? '' : `${usage.totalTokens} tokens`;
  const facts = [model, tokens, status === undefined ? '' : marks[status]];

  return (
    <footer className="-mt-1 grid gap-3">
      {ending !== undefined && <Notice sentence={ending} onRetry={onRetry} />}
      <div className={`-ml-2 flex items-center gap-0.5 text-soft ${onRetry === null ? quiet : ''}`}>
        {text !== '' && <CopyButton text={text} label="Copy reply" />}
        {onRetry !== null && ending === undefined && (
          <IconButton label="Reply again" onClick={onRetry} size="size-8">
            <RotateCcw className="size-4" aria-hidden="true" />
          </IconButton>
        )}
        <span className="ml-1.5 truncate text-xs">{facts.filter(Boolean).join(' · ')}</span>
      </div>
    </footer>
  );
}
