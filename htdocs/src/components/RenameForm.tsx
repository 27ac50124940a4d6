import { t } from '@lingui/core/macro';
import { useEffect, useRef } from 'react';
import { isComposing } from '../text/composing';

/** A title being edited in its place: Enter or leaving it saves, Escape gives the old one back. `typed`: what could not be saved. */
export function RenameForm({ title, typed = title, onDone }: { title: string; typed?: string; onDone: (title: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // Who has begun to write elsewhere goes on there.
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
