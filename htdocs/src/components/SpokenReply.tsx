import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import type { Message } from '../api/messages';
import { textOf } from '../chat/messages';
import { spokenUpTo } from '../text/sentences';

/** Tells a screen reader the reply as it comes in, sentence by sentence. */
export function SpokenReply({ messages, busy }: { messages: Message[]; busy: boolean }) {
  const [line, setLine] = useState('');
  const spoken = useRef({ id: '', length: 0 });
  const last = messages.at(-1);

  useEffect(() => {
    if (last?.role !== 'assistant') return;
    if (busy && spoken.current.id !== last.id) spoken.current = { id: last.id, length: 0 };
    if (spoken.current.id !== last.id) return; // it was there before
    const text = textOf(last);
    const end = busy ? spokenUpTo(text, spoken.current.length) : text.length;
    if (end <= spoken.current.length) return;
    setLine(text.slice(spoken.current.length, end));
    spoken.current.length = end;
  }, [busy, last]);

  useEffect(() => {
    if (busy) setLine(t`Reply started.`);
  }, [busy]);

  return (
    <p role="status" className="sr-only">
      {line}
    </p>
  );
}
