import { t } from '@lingui/core/macro';
import { useEffect, useRef } from 'react';
import { isComposing } from '../fields/composing';

/** Edits a title in place: Enter or leaving the field saves, Escape restores the old title. `typed`: a text that could not be saved. */
export function RenameForm({ title, typed = title, onDone }: { title: string; typed?: string; onDone: (title: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // A reader who has begun to write elsewhere stays there.
    if (typed !== title && document.activeElement?.matches('input, textarea') === true) return;
    input.current?.focus();
    input.current?.select();
  }, []);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        input.current?.blur();
      }}
    >
      <input
        dir="auto"
        ref={input}
        aria-label={t`Chat title`}
        defaultValue={typed}
        maxLength={255}
        onBlur={(event) => onDone(event.currentTarget.value.trim())}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || isComposing(event)) return;
          event.currentTarget.value = title;
          event.currentTarget.blur();
        }}
        className="h-9 w-full rounded-lg border border-accent bg-raised px-3 text-base outline-none sm:text-sm"
      />
    </form>
  );
}
