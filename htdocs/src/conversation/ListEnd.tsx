import { t } from '@lingui/core/macro';
import type { Message } from '../api/messages';
import { isBusy, type Activity } from '../chat/activity';
import type { Conversation } from '../chat/conversation';
import { Notice } from '../controls/Notice';
import { UnsentMessage } from '../message/UnsentMessage';
import { Awaited } from '../reply/Awaited';
import type { Unsent } from '../stores/outbox';

/** Below the last message: a reply that is awaited, an error, and messages that could not be sent. */
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
  // As soon as there is a message, the dots are in it (AssistantMessage); until then this reserves room for it and for the gap below it.
  const busy = isBusy(activity);
  const away = activity.kind === 'reconnecting' && activity.away;
  const waiting = busy && !away && last?.role !== 'assistant';
  return (
    <div className="grid gap-4 pb-6">
      {waiting && (
        <div className="pb-3 last:pb-7">
          <Awaited />
        </div>
      )}
      {away && (
        <p className="text-sm text-soft">{t`Connection lost. Reconnecting…`}</p>
      )}
      {problem !== null && <Notice sentence={problem} onRetry={() => void conversation.retry()} />}
      {unsent.map((entry) => (
        <UnsentMessage key={entry.id} entry={entry} busy={busy} />
      ))}
    </div>
  );
}
