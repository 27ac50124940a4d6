import { t } from '@lingui/core/macro';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Message } from '../api/messages';
import { isBusy, type Activity } from '../chat/activity';
import type { Conversation } from '../chat/conversation';
import { problemAtEnd, replyStateOf } from '../chat/replyState';
import { Boundary } from '../controls/Boundary';
import { IconButton } from '../controls/Button';
import { focusComposer } from '../fields/focusComposer';
import { usePrinting } from '../hooks/usePrinting';
import { Unshown } from '../message/Unshown';
import { UserMessage } from '../message/UserMessage';
import { preloadMarkdown } from '../prose/Markdown';
import { AssistantMessage } from '../reply/AssistantMessage';
import type { Unsent } from '../stores/outbox';
import { ListEnd } from './ListEnd';
import { useBrowserFind } from './useBrowserFind';
import { useFoundWords } from './useFoundWords';
import { useOverscan } from './useOverscan';
import { usePaging } from './usePaging';
import { usePlace } from './usePlace';
import { useLeaving, useReturn } from './useReturn';
import { useEndThreshold, useStayAtEnd } from './useStayAtEnd';

const gap = 28;
const edge = 32;
/** Beyond the length of any list, so that the list starts at its end instead of drawing its beginning for nothing. */
const beyond = 1e9;
const guess = (message: Message | undefined): number => (message?.role === 'user' ? 60 : 260);

/**
 * The conversation. It opens at its end and stays there until the reader scrolls away. Only what is near the screen is in the document; everything
 * above keeps its distance from the end when more arrives.
 */
export function MessageList({
  conversation,
  messages,
  unsent,
  activity,
  problem,
}: {
  conversation: Conversation;
  messages: Message[];
  /** Messages that the server does not have yet. */
  unsent: Unsent[];
  activity: Activity;
  problem: string | null;
}) {
  const box = useRef<HTMLDivElement>(null);
  const { older, newer, place } = useStore(conversation.pages.state);
  const sent = useStore(conversation.state, (state) => state.sent);
  const last = messages.at(-1);
  const [threshold, follow] = useEndThreshold();
  const back = useReturn(conversation);
  const list = useVirtualizer({
    count: messages.length + 1, // the last row: what is going on at the end
    getScrollElement: () => box.current,
    estimateSize: (index) => (index === messages.length ? 0 : guess(messages[index])),
    getItemKey: (index) => messages[index]?.id ?? 'end',
    anchorTo: 'end',
    followOnAppend: newer === null,
    scrollEndThreshold: threshold,
    initialOffset: () => (back === null ? (place === null ? beyond : 0) : (back.offset ?? beyond)),
    initialMeasurementsCache: back?.rows ?? [],
    overscan: useOverscan(preloadMarkdown, useBrowserFind(sent)),
    gap,
    paddingStart: edge,
    scrollPaddingStart: edge,
  });

  const opensAtEnd = useRef(back === null ? place === null : back.offset === null);
  useLayoutEffect(() => {
    if (opensAtEnd.current) list.scrollToEnd();
  }, [list]);
  useStayAtEnd(list, box, { opensAtEnd: opensAtEnd.current, sent, follow });
  usePaging(list, conversation, older, newer);
  const lit = usePlace(list, messages, place, back?.place ?? null);
  useFoundWords(box, place, sent);
  useLeaving(list, conversation);
  // Printing draws all rows. Enlarging the visible range would not work, because a page that is being laid out for print may have none.
  const all = usePrinting();
  const rows = all
    ? Array.from({ length: messages.length + 1 }, (_, index) => ({ key: messages[index]?.id ?? 'end', index, start: 0 }))
    : list.getVirtualItems();
  const end = { last, whole: newer === null, busy: isBusy(activity), problem };

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={box} className="h-full overflow-y-auto [overflow-anchor:none]" tabIndex={0} role="region" aria-label={t`Chat`}>
        {all && older !== null && <p className="pb-7 text-center text-sm text-soft">{t`Earlier messages aren’t printed: scroll up to load them first.`}</p>}
        <div className="relative w-full" style={{ height: list.getTotalSize() }}>
          {rows.map(({ key, index, start }) => {
            const message = messages[index];
            return (
              <div
                key={key}
                ref={list.measureElement}
                data-index={index}
                data-message={message?.id}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <div className={`mx-auto w-full max-w-3xl px-4 sm:px-6 ${message !== undefined && message.id === lit ? 'lit' : ''}`}>
                  {message === undefined ? (
                    <ListEnd conversation={conversation} last={last} unsent={unsent} activity={activity} problem={problemAtEnd(end)} />
                  ) : (
                    <Boundary of={message} instead={<Unshown />}>
                      {message.role === 'user' ? (
                        <UserMessage message={message} conversation={conversation} idle={!end.busy} found={place?.lit === true && place.messageId === message.id} />
                      ) : (
                        <AssistantMessage message={message} conversation={conversation} state={replyStateOf(message, end)} />
                      )}
                    </Boundary>
                  )}
                </div>
              </div>
            );
          })}
        </div>
      </div>
      {(newer !== null || !list.isAtEnd(160)) && messages.length > 0 && (
        <IconButton
          label={t`Scroll to the end`}
          look="plain"
          onClick={() => {
            focusComposer(); // the button disappears
            void conversation.pages.goToEnd().then(() => list.scrollToEnd());
          }}
          round
          className="absolute end-3 bottom-3 shadow-lift"
        >
          <ArrowDown className="size-4" aria-hidden="true" />
        </IconButton>
      )}
    </div>
  );
}
