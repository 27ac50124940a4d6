import { t } from '@lingui/core/macro';
import { useEffect, useRef, type FormEvent, type KeyboardEvent } from 'react';
import { Button } from '../controls/Button';
import { isComposing } from '../fields/composing';
import { focusAtEnd } from '../fields/focusAtEnd';
import { useMediaQuery } from '../hooks/useMediaQuery';

/**
 * Edits a message in place. Escape cancels; Enter sends it, except on a touch screen, where it breaks the line. `changed`: the text so far; `mayGo`:
 * no reply is running.
 */
export function EditForm({
  text,
  changed,
  focused,
  mayGo,
  onChange,
  onSend,
  onClose,
}: {
  text: string;
  changed: string;
  focused: boolean;
  mayGo: boolean;
  onChange: (changed: string) => void;
  onSend: (text: string) => void;
  onClose: () => void;
}) {
  const empty = changed.trim() === '';
  const field = useRef<HTMLTextAreaElement>(null);
  const touch = useMediaQuery('(pointer: coarse)');
  // A writer who comes back continues where they were.
  useEffect(() => {
    if (focused) focusAtEnd(field.current);
  }, [focused]);

  function send(event: FormEvent): void {
    event.preventDefault();
    if (empty || !mayGo) return;
    if (changed.trim() === text) onClose();
    else onSend(changed.trim());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && !event.shiftKey && !touch) send(event);
    else return;
    event.stopPropagation();
  }

  return (
    <form onSubmit={send} className="w-full rounded-2xl border border-line-strong bg-raised p-2">
      <textarea
        dir="auto"
        ref={field}
        value={changed}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        aria-label={t`Edit message`}
        className="field-sizing-content max-h-[50dvh] w-full resize-none bg-transparent px-2 py-1.5 text-base leading-6 outline-none"
      />
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>{t`Cancel`}</Button>
        <Button type="submit" look="accent" disabled={empty || !mayGo}>{t`Send`}</Button>
      </div>
    </form>
  );
}
