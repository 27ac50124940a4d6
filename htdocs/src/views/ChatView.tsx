import { useChat } from '@ai-sdk/react';
import { t } from '@lingui/core/macro';
import { useStore } from 'zustand';
import type { Message } from '../api/messages';
import { sentenceOf } from '../api/problem';
import type { User } from '../api/token';
import { isBusy, isOpen, type Activity } from '../chat/activity';
import type { Conversation } from '../chat/conversation';
import { Composer } from '../composer/Composer';
import { later } from '../controls/later';
import { Notice } from '../controls/Notice';
import { MessageList } from '../conversation/MessageList';
import { Skeleton } from '../conversation/Skeleton';
import { Welcome } from '../conversation/Welcome';
import { focusComposer } from '../fields/focusComposer';
import { withTexts } from '../i18n/language';
import { ViewerHost } from '../prose/ViewerHost';
import { newSession } from '../stores/conversation';
import { send } from '../stores/delivery';
import { useAllowedTools } from './useAllowedTools';
import { useSeamless } from './useSeamless';
import { useUnsent } from './useUnsent';

/** Loaded as soon as the page is drawn: nothing is announced before there is a reply. */
const SpokenReply = later<{ messages: Message[]; busy: boolean }>(async () => (await withTexts(import('../reply/SpokenReply'))).SpokenReply, () => null);

/** The shortest time between two drawings of a streaming reply, in milliseconds. */
const drawEvery = 50;

export function ChatView({ conversation, user }: { conversation: Conversation; user: User }) {
  const { messages: all } = useChat({ chat: conversation.chat, experimental_throttle: drawEvery });
  const activity = useStore(conversation.state, (state) => state.activity);
  const atEnd = useStore(conversation.pages.state, ({ newer }) => newer === null);
  const busy = isBusy(activity);
  const messages = useSeamless(all, busy);
  const unsent = useUnsent(conversation, messages);
  useAllowedTools(conversation, messages, user.id, { busy, here: isOpen(activity) && atEnd });
  const empty = messages.length === 0 && unsent.length === 0;
  const pick = (text: string): void => {
    focusComposer(); // the list of what was picked disappears
    void send(conversation, user.id, { text, files: [], edits: null }, () => {});
  };

  return (
    <main className="flex min-h-0 flex-1 flex-col">
      {activity.kind === 'missing' ? (
        <NoChat deleted={activity.deleted} />
      ) : activity.kind === 'unreadable' && empty ? (
        <CannotOpen problem={activity.problem} onRetry={() => void conversation.open()} />
      ) : activity.kind === 'loading' && empty ? (
        <div className="min-h-0 flex-1">
          <Skeleton />
        </div>
      ) : empty && !busy ? (
        <Welcome chatId={conversation.chat.id} username={user.username} onPick={pick} />
      ) : (
        <MessageList
          key={conversation.chat.id}
          conversation={conversation}
          messages={messages}
          unsent={unsent}
          activity={activity}
          problem={problemOf(activity)}
        />
      )}
      <SpokenReply key={`${conversation.chat.id}-spoken`} messages={messages} busy={busy} />
      <Composer conversation={conversation} user={user} busy={busy} disabled={!isOpen(activity)} />
      <ViewerHost />
    </main>
  );
}

function problemOf(activity: Activity): string | null {
  if (activity.kind === 'unreadable') return sentenceOf(activity.problem);
  return activity.kind === 'failed' ? sentenceOf(activity.error) : null;
}

function CannotOpen({ problem, onRetry }: { problem: unknown; onRetry: () => void }) {
  return (
    <div className="m-auto w-full max-w-lg p-6">
      <Notice sentence={sentenceOf(problem)} onRetry={onRetry} />
    </div>
  );
}

/** The typed text is also in the composer of a new chat (stores/missing.ts). */
function NoChat({ deleted }: { deleted: boolean }) {
  return (
    <div className="m-auto w-full max-w-lg p-6">
      {deleted ? (
        <Notice calm sentence={t`This chat was deleted in another tab or on another device.`} retryLabel={t`New chat`} onRetry={newSession} />
      ) : (
        <Notice sentence={t`This chat doesn’t exist, or you don’t have access to it.`} retryLabel={t`New chat`} onRetry={newSession} />
      )}
    </div>
  );
}
