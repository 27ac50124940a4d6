import { t } from '@lingui/core/macro';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Message } from '../api/messages';
import { sentenceOf } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { metadataOf } from '../chat/metadata';
import { IconButton } from '../controls/Button';
import { sayError } from '../stores/sayError';

/** The button that was pressed disappears with its message; the focus belongs to its counterpart. */
let led: { to: string; step: -1 | 1 } | null = null;

/** "‹ 2/3 ›": leads to the branches beside this message. */
export function SiblingSwitch({ message, conversation, idle }: { message: Message; conversation: Conversation; idle: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!idle || led?.to !== message.id) return;
    const [back, on] = box.current?.querySelectorAll('button') ?? [];
    const [wanted, other] = led.step < 0 ? [back, on] : [on, back];
    led = null;
    if (document.activeElement === document.body) (wanted?.disabled === true ? other : wanted)?.focus();
  }, [message.id, idle]);
  const siblings = metadataOf(message).siblings;
  if (siblings === undefined) return null;
  const index = siblings.indexOf(message.id);
  const number = index + 1;
  const count = siblings.length;

  function show(step: -1 | 1): void {
    const other = siblings?.[index + step];
    if (other === undefined) return;
    led = { to: other, step };
    void conversation.showBranch(other).catch((error: unknown) => {
      led = null;
      sayError(sentenceOf(error));
    });
  }

  return (
    <div ref={box} role="group" aria-label={t`Version ${number} of ${count}`} className="flex items-center text-soft">
      <IconButton label={t`Previous version`} disabled={!idle || index <= 0} onClick={() => show(-1)} size="size-8">
        <ChevronLeft className="size-4" aria-hidden="true" />
      </IconButton>
      <span className="text-xs tabular-nums" aria-hidden="true">
        {number}/{count}
      </span>
      <IconButton label={t`Next version`} disabled={!idle || number >= count} onClick={() => show(1)} size="size-8">
        <ChevronRight className="size-4" aria-hidden="true" />
      </IconButton>
    </div>
  );
}
