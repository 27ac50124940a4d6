import { t } from '@lingui/core/macro';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import type { Unsent } from '../stores/outbox';
import type { Activity } from './MessageList';
import { Notice } from './Notice';
import { UnsentMessage } from './UnsentMessage';

/** Below the last message: that a reply is awaited, what went wrong, and what could not be sent. */
export function ListEnd({
  conversation,
  last,
  unsent,
  activity,
  problem,
}: {
  conversation: Conversation;
  last: Message | undefined;
  unsent: Unsent[];
  activity: Activity;
  problem: string | null;
}) {
  const waiting = activity === 'replying' && (last?.role !== 'assistant' || last.parts.every(({ type }) => type === 'step-start'));
  return (
    <div className="grid gap-4 pb-6">
      {waiting && <Dots />}
      {activity === 'reconnecting' && (
        <p className="text-sm text-soft">{t`Connection lost. Reconnecting…`}</p>
      )}
      {problem !== null && <Notice sentence={problem} onRetry={() => void retry(conversation)} />}
      {unsent.map((entry) => (
        <UnsentMessage key={entry.id} entry={entry} busy={activity !== 'none'} />
      ))}
    </div>
  );
}

function retry(conversation: Conversation): Promise<void> {
  return conversation.state.getState().phase === 'failed' ? conversation.open() : conversation.retry();
}

function Dots() {
  return (
    <div className="flex h-7 items-center gap-1.5" aria-hidden="true">
      <span className="size-2 animate-pulse-soft rounded-full bg-accent" />
      <span className="size-2 animate-pulse-soft rounded-full bg-accent [animation-delay:0.2s]" />
      <span className="size-2 animate-pulse-soft rounded-full bg-accent [animation-delay:0.4s]" />
    </div>
  );
}
