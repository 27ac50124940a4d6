import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { FastForward, RotateCcw } from 'lucide-react';
import { lazy, useRef, useState } from 'react';
import { faultSentence } from '../api/faults';
import type { Message, MessageMetadata, Usage } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { canGoOn, isBroken, isEmpty, textOf } from '../chat/messages';
import { metadataOf } from '../chat/metadata';
import { isIdle, type ReplyState } from '../chat/replyState';
import { Piece } from '../controls/Boundary';
import { Button, IconButton } from '../controls/Button';
import { CopyButton } from '../controls/CopyButton';
import { Notice } from '../controls/Notice';
import { focusComposer } from '../fields/focusComposer';
import { withTexts } from '../i18n/language';
import { MessageTime } from '../message/MessageTime';
import { SiblingSwitch } from '../message/SiblingSwitch';
import { useModels } from '../stores/models';
import { isolated } from '../text/isolated';
import { nameOfMaker } from '../text/modelNames';
import { nameOfStyle } from './nameOfStyle';
import { RatingButtons } from './RatingButtons';
import { ReplyMenu } from './ReplyMenu';
import { StopReading } from './StopReading';

const RatingComment = lazy(() => withTexts(import('./RatingComment')));

type Status = NonNullable<MessageMetadata['status']>;

const marks: Record<Status, () => string> = {
  complete: () => '',
  stopped: () => t`stopped`,
  interrupted: () => t`interrupted`,
  error: () => t`not finished`,
};

/** Why a reply is incomplete; null if it is complete, or if the reader stopped it. */
function ending({ status, finishReason }: MessageMetadata): string | null {
  if (status === 'interrupted') return t`This reply was interrupted. What was shown is saved.`;
  if (status === 'error') return t`The model couldn’t finish this reply.`;
  if (finishReason === 'length') return t`This reply reached the length limit.`;
  return finishReason === 'content-filter' ? t`The model’s provider withheld the rest of this reply.` : null;
}

/** Only the last reply always shows its buttons, and an incomplete one says so. */
const quiet =
  'opacity-0 transition-opacity group-hover/reply:opacity-100 group-focus-within/reply:opacity-100 pointer-coarse:opacity-100';

/** Below a reply that has ended: how it ended, the available actions, and its cost. */
export function ReplyFooter({ message, conversation, state }: { message: Message; conversation: Conversation; state: ReplyState }) {
  const last = state.kind === 'last';
  const idle = isIdle(state);
  const [commenting, setCommenting] = useState(false);
  const box = useRef<HTMLElement>(null);
  const close = (): void => {
    setCommenting(false);
    box.current?.querySelector<HTMLElement>('[aria-pressed=true]')?.focus(); // the thumb that the comment belongs to
  };
  const metadata = metadataOf(message);
  const maker = nameOfMaker(metadata, useModels(({ models }) => models));
  const broken = isBroken(message);
  // The stored cause is shown in the reader's language, now and later.
  const cause = (last && broken ? faultSentence(metadata.error?.code) : undefined) ?? (last ? state.problem : null);
  const empty = !broken && isEmpty(message);
  const why = (last ? ending(metadata) : null) ?? (empty ? t`The model returned an empty reply.` : null);
  const text = textOf(message);
  const mark = metadata.status === undefined ? '' : marks[metadata.status]();

  return (
    <footer ref={box} className="-mt-1 grid grid-cols-1 gap-3">
      {cause !== null ? (
        <Notice sentence={cause} />
      ) : (
        why !== null && <p className="rounded-xl bg-panel px-4 py-3 text-sm text-soft">{why}</p>
      )}
      {last && state.offers && (canGoOn(message) || broken || empty) && (
        <div className="flex flex-wrap gap-2">
          {canGoOn(message) && (
            <Button onClick={() => left(conversation.goOn())}>
              <FastForward className="size-3.5" aria-hidden="true" />
              {t`Continue`}
            </Button>
          )}
          {(broken || empty) && (
            <Button onClick={() => left(conversation.regenerate(message.id))}>
              <RotateCcw className="size-3.5" aria-hidden="true" />
              {t`Try again`}
            </Button>
          )}
        </div>
      )}
      {metadata.context !== undefined && metadata.context.leftOut > 0 && (
        <p className="text-xs text-soft">{leftOut(metadata.context.leftOut)}</p>
      )}
      <div className="-ml-2 flex select-none items-center gap-0.5 text-soft">
        <SiblingSwitch message={message} conversation={conversation} idle={idle} />
        <StopReading messageId={message.id} />
        <div className={`flex min-w-0 items-center gap-0.5 ${last || broken || metadata.rating !== undefined ? '' : quiet}`}>
          {text !== '' && <CopyButton text={text} label={t`Copy reply`} rich />}
          <IconButton label={t`Reply again`} disabled={!idle} onClick={() => left(conversation.regenerate(message.id))} size="size-8">
            <RotateCcw className="size-4" aria-hidden="true" />
          </IconButton>
          <RatingButtons message={message} conversation={conversation} onComment={setCommenting} />
          <ReplyMenu message={message} conversation={conversation} idle={idle} />
          <span className="ml-1.5 truncate text-xs" title={[maker === metadata.model || metadata.model === undefined ? '' : isolated(metadata.model), usageTitle(metadata.usage)].filter(Boolean).join(' · ')}>
            {[
              mark, // first, because on a phone the end is cut off
              maker === undefined ? '' : isolated(maker),
              metadata.fallbackFor === undefined ? '' : t`fallback model`,
              metadata.style === undefined ? '' : nameOfStyle(metadata.style),
              tokens(metadata.usage),
              costOf(metadata.cost),
            ].filter(Boolean).join(' · ')}
          </span>
          <MessageTime message={message} className={`ml-1.5 pointer-coarse:hidden ${last ? quiet : ''}`} />
        </div>
      </div>
      {commenting && (
        <Piece>
          <RatingComment message={message} conversation={conversation} onClose={close} />
        </Piece>
      )}
    </footer>
  );
}

/** The pressed button disappears. */
function left(work: Promise<unknown>): void {
  void work;
  focusComposer();
}

function leftOut(messages: number): string {
  return plural(messages, {
    one: 'The model didn’t see # earlier message or its files, because this chat is too long for it.',
    other: 'The model didn’t see # earlier messages or their files, because this chat is too long for it.',
  });
}

function tokens(usage: Usage | undefined): string {
  return usage?.totalTokens === undefined ? '' : plural(usage.totalTokens, { one: '# token', other: '# tokens' });
}

/** The site has one currency for its prices, but does not say which. */
function costOf(millionths: number | undefined): string {
  if (millionths === undefined || millionths === 0) return '';
  const cost = new Intl.NumberFormat(i18n.locale, millionths < 1e6 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 2 }).format(millionths / 1e6);
  return t`cost ${cost}`;
}

function usageTitle(usage: Usage | undefined): string {
  if (usage?.inputTokens === undefined || usage.outputTokens === undefined) return '';
  const { inputTokens, outputTokens } = usage;
  return t`${inputTokens} input tokens, ${outputTokens} output tokens`;
}
