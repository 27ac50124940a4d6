import { ArrowDown } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { useStickToBottom } from 'use-stick-to-bottom';
import type { Message } from '../api/messages';
import { sentenceOf } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { useKeptPlace } from '../hooks/useKeptPlace';
import { AssistantMessage } from './AssistantMessage';
import { Button, IconButton } from './Button';
import { Notice } from './Notice';
import { UserMessage } from './UserMessage';

export type Activity = 'none' | 'replying' | 'reconnecting';

/** The conversation: opens at its end and stays there until the reader scrolls away. */
export function MessageList({
  conversation,
  messages,
  loading,
  older,
  activity,
  problem,
}: {
  conversation: Conversation;
  messages: Message[];
  loading: boolean;
  older: boolean;
  activity: Activity;
  problem: string | null;
}) {
  const { scrollRef, contentRef, isAtBottom, scrollToBottom } = useStickToBottom({ initial: 'instant', resize: 'instant' });
  const keepPlace = useKeptPlace(scrollRef, messages[0]?.id);
  const last = messages.at(-1);
  const waiting = activity === 'replying' && (last?.role !== 'assistant' || last.parts.length === 0);
  const retry = (): void => void conversation.retry();

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={scrollRef} className="h-full overflow-y-auto" tabIndex={-1}>
        <div ref={contentRef} className="mx-auto flex w-full max-w-3xl flex-col gap-7 px-4 pt-8 pb-6 sm:px-6">
          {older && <OlderMessages conversation={conversation} beforeRead={keepPlace} />}
          {loading && messages.length === 0 && <Skeleton />}
          {messages.map((message) =>
            message.role === 'user' ? (
              <UserMessage key={message.id} message={message} />
            ) : (
              <AssistantMessage
                key={message.id}
                message={message}
                streaming={activity !== 'none' && message === last}
                onRetry={activity === 'none' && problem === null && message === last ? retry : null}
              />
            ),
          )}
          {waiting && <Dots />}
          {activity === 'reconnecting' && (
            <p className="text-sm text-soft">The connection was lost. Taking up the reply again…</p>
          )}
          {problem !== null && <Notice sentence={problem} onRetry={retry} />}
        </div>
      </div>
      {!isAtBottom && (
        <IconButton
          label="Go to the end"
          look="plain"
          onClick={() => void scrollToBottom()}
          round
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-lift"
        >
          <ArrowDown className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}

function OlderMessages({ conversation, beforeRead }: { conversation: Conversation; beforeRead: () => void }) {
  const [reading, setReading] = useState(false);

  async function read(): Promise<void> {
    setReading(true);
    beforeRead();
    await conversation.readOlder().catch((error: unknown) => toast.error(sentenceOf(error)));
    setReading(false);
  }

  return (
    <Button look="quiet" className="self-center" disabled={reading} onClick={() => void read()}>
      Earlier messages
    </Button>
  );
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

function Skeleton() {
  return (
    <div className="grid animate-pulse gap-4" aria-label="Reading the messages">
      <div className="ml-auto h-11 w-2/5 rounded-2xl bg-panel" />
      <div className="h-4 w-11/12 rounded bg-panel" />
      <div className="h-4 w-4/5 rounded bg-panel" />
      <div className="h-4 w-3/5 rounded bg-panel" />
    </div>
  );
}
