import { t } from '@lingui/core/macro';
import { useId, useRef, type KeyboardEvent } from 'react';
import { createPortal } from 'react-dom';
import type { Prompt } from '../api/library';
import { FormSheet } from '../controls/FormSheet';
import { isComposing } from '../fields/composing';
import { fieldsOf } from '../fields/variables';
import { usePageDraft } from '../hooks/useFormDraft';
import { useMediaQuery } from '../hooks/useMediaQuery';

/** Asks for the open values of a prompt. An empty field stands for an empty value. */
export function PromptFields({ prompt, onFilled, onClose }: { prompt: Prompt; onFilled: (values: Map<string, string>) => void; onClose: () => void }) {
  const id = useId();
  const filled = useRef(false);
  const names = fieldsOf(prompt.text);
  const draft = usePageDraft(`fields-${prompt.id}`, Object.fromEntries(names.map((name) => [name, ''])));
  const touch = useMediaQuery('(pointer: coarse)');

  function submit(): void {
    filled.current = true;
    draft.discard();
    onFilled(new Map(names.map((name) => [name, draft.values[name] ?? ''])));
  }

  /** As in the composer: Enter goes on, and with Shift it begins a line. */
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>, n: number): void {
    if (event.key !== 'Enter' || event.shiftKey || touch || isComposing(event)) return;
    event.preventDefault();
    if (event.repeat) return; // the one that has opened this
    const { form } = event.currentTarget;
    const next = form?.elements.namedItem(`field-${n + 1}`);
    if (next instanceof HTMLElement) next.focus();
    else form?.requestSubmit();
  }

  return createPortal(
    <FormSheet name="fields" title={`/${prompt.name}`} action={t`Insert`} busy={false} problem={null} draft={draft} onSubmit={submit} onClose={() => filled.current || onClose()}>
      {names.map((name, n) => (
        <div key={name} className="grid gap-1.5">
          <label htmlFor={`${id}-${n}`} dir="auto" className="text-sm font-medium wrap-anywhere">{name}</label>
          <textarea
            id={`${id}-${n}`}
            {...draft.field(name)}
            name={`field-${n}`}
            dir="auto"
            rows={1}
            onKeyDown={(event) => onKeyDown(event, n)}
            autoFocus={n === 0}
            data-first={n === 0 || undefined}
            className="field-sizing-content max-h-40 min-h-11 w-full resize-none rounded-lg border border-line-strong bg-raised px-3 py-2 text-base outline-none focus:border-accent focus:ring-2 focus:ring-accent/25"
          />
        </div>
      ))}
    </FormSheet>,
    document.body,
  );
}
