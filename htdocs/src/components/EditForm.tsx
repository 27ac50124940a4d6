import { t } from '@lingui/core/macro';
import { useState, type FormEvent, type KeyboardEvent } from 'react';
import { Button } from './Button';

/** Changes a message in place. Escape leaves it as it was. */
export function EditForm({ text, onSend, onClose }: { text: string; onSend: (text: string) => void; onClose: () => void }) {
  const [changed, setChanged] = useState(text);
  const empty = changed.trim() === '';

  function send(event: FormEvent): void {
    event.preventDefault();
    if (empty) return;
    onClose();
    if (changed.trim() !== text) onSend(changed.trim());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && !event.shiftKey) send(event);
    else return;
    event.stopPropagation();
  }

  return (
    <form onSubmit={send} className="w-full rounded-2xl border border-line-strong bg-raised p-2">
      <textarea
        dir="auto"
        autoFocus
        value={changed}
        onChange={(event) => setChanged(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onFocus={(event) => event.currentTarget.setSelectionRange(text.length, text.length)}
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
