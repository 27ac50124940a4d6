import { t } from '@lingui/core/macro';
import type { FormEvent, KeyboardEvent } from 'react';
import { isComposing } from '../text/composing';
import { Button } from './Button';

/** Changes a message in place. Escape leaves it as it was. `changed`: what it is so far. */
export function EditForm({
  text,
  changed,
  focused,
  onChange,
  onSend,
  onClose,
}: {
  text: string;
  changed: string;
  focused: boolean;
  onChange: (changed: string) => void;
  onSend: (text: string) => void;
  onClose: () => void;
}) {
  const empty = changed.trim() === '';

  function send(event: FormEvent): void {
    event.preventDefault();
    if (empty) return;
    if (changed.trim() === text) onClose();
    else onSend(changed.trim());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && !event.shiftKey) send(event);
    else return;
    event.stopPropagation();
  }

  return (
    <form onSubmit={send} className="w-full rounded-2xl border border-line-strong bg-raised p-2">
      <textarea
        dir="auto"
        autoFocus={focused}
        value={changed}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.currentTarget.setSelectionRange(changed.length, changed.length)}
        aria-label={t`Edit message`}
        className="field-sizing-content max-h-[50dvh] w-full resize-none bg-transparent px-2 py-1.5 text-base leading-6 outline-none"
      />
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onClose}>{t`Cancel`}</Button>
        <Button type="submit" look="accent" disabled={empty}>{t`Send`}</Button>
      </div>
    </form>
  );
}
