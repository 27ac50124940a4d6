import { t } from '@lingui/core/macro';
import { getToolName, isToolUIPart } from 'ai';
import { useEffect, useRef, useState } from 'react';
import type { Message } from '../api/messages';
import { textOf } from '../chat/messages';
import { metadataOf } from '../chat/metadata';
import { spokenUpTo } from '../speech/sentences';
import { spokenText } from '../speech/spoken';

/** Lines that stay in the document; older ones were announced long ago. */
const KEPT = 8;

/**
 * Announces the reply to a screen reader sentence by sentence while it is received, and how it ended. Each announcement is a line of its own, added
 * to those before it: two updates in one task would otherwise replace each other's words before any screen reader has seen them.
 */
export function SpokenReply({ messages, busy }: { messages: Message[]; busy: boolean }) {
  const [lines, setLines] = useState<{ key: number; text: string }[]>([]);
  const keys = useRef(0);
  /** The last reply, and how much of it need not be announced any more: a reply that continues after an approval is not read from its beginning. */
  const spoken = useRef({ id: '', length: 0, running: false });
  /** The reply that existed when another was requested; null once the new one has been announced. */
  const before = useRef<string | null>(null);
  const last = messages.at(-1);
  const add = (text: string): void => {
    if (text !== '') setLines((earlier) => [...earlier.slice(1 - KEPT), { key: ++keys.current, text }]);
  };

  useEffect(() => {
    if (busy) add(t`Reply started.`);
  }, [busy]);

  useEffect(() => {
    if (busy) before.current ??= last?.role === 'assistant' ? last.id : '';
    if (last?.role !== 'assistant') return;
    if (!busy && !spoken.current.running && spoken.current.id === last.id) return; // nothing new of it
    const whole = spokenWords(last);
    // A short reply is complete before any of it is drawn.
    const begins = busy || (before.current !== null && before.current !== last.id);
    if (spoken.current.id !== last.id) {
      // The next reply may begin before this one was drawn at its end.
      const ended = spoken.current.running ? messages.find(({ id }) => id === spoken.current.id) : undefined;
      if (ended !== undefined) add(endOf(ended, spoken.current.length));
      spoken.current = { id: last.id, length: begins ? 0 : whole.length, running: begins };
    } else if (busy) {
      spoken.current.running = true;
    }
    if (!spoken.current.running) return; // it existed before
    if (!busy) {
      add(endOf(last, spoken.current.length));
      spoken.current = { id: last.id, length: whole.length, running: false };
      before.current = null;
      return;
    }
    const from = Math.min(spoken.current.length, whole.length);
    const end = spokenUpTo(whole, from);
    if (end <= from) return;
    spoken.current.length = end;
    add(whole.slice(from, end).trim());
  }, [busy, messages, last]);

  return (
    <div role="status" aria-atomic="false" className="sr-only">
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}

const spokenWords = (message: Message): string => spokenText(textOf(message), { code: t`Code.`, formula: t`formula` });

/** What has not been announced yet of a reply that has ended, and how it did. */
function endOf(message: Message, announced: number): string {
  return [spokenWords(message).slice(announced).trim(), endingOf(message)].filter(Boolean).join(' ');
}

/** An error that broke a reply is an alert, and announced as such. */
function endingOf(message: Message): string {
  const asks = message.parts.find((part) => isToolUIPart(part) && part.state === 'approval-requested');
  if (asks !== undefined && isToolUIPart(asks)) {
    const tool = getToolName(asks);
    return t`${tool} needs your approval.`;
  }
  const { status } = metadataOf(message);
  if (status === 'stopped') return t`Reply stopped.`;
  return status === 'interrupted' || status === 'error' ? '' : t`Reply finished.`;
}
