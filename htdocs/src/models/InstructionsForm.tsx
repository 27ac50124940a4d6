import { t } from '@lingui/core/macro';
import { useEffect, useId, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { sentenceOf } from '../api/problem';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { focusAtEnd } from '../fields/focusAtEnd';
import { useSubmit } from '../hooks/useSubmit';
import { useAuth } from '../stores/auth';
import { draftKeyOf, useDrafts } from '../stores/drafts';
import { changeInstructions, lookAtInstructions, useInstructions } from '../stores/instructions';

interface FormProps {
  /** A key of the store. */
  of: string;
  label: string;
  hint: string;
  /** The form was opened for writing, so the field takes the focus at once. */
  focused?: boolean;
  onSaved: () => void;
  children?: ReactNode;
}

/** Instructions for the model, for all chats or for one. */
export function InstructionsForm({ of, ...rest }: FormProps) {
  const stored = useInstructions((state) => state.known[of]);
  const [failed, setFailed] = useState<unknown>(null);
  const [fresh, setFresh] = useState(false); // another device may have changed them
  const read = (): void => {
    setFailed(null);
    lookAtInstructions(of).then(() => setFresh(true), setFailed);
  };
  useEffect(read, [of]);
  if (failed !== null) return <Notice sentence={sentenceOf(failed)} onRetry={read} />;
  return stored === undefined || !fresh ? <div className="h-48" /> : <Fields of={of} {...rest} {...stored} />;
}

function Fields({
  of,
  label,
  hint,
  focused = false,
  instructions,
  maxLength,
  onSaved,
  children,
}: FormProps & { instructions: string; maxLength: number }) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // On a touch screen the keyboard would cover it.
    if (focused && !matchMedia('(pointer: coarse)').matches) focusAtEnd(field.current);
  }, []);
  // Unsaved text is a draft: however the form is closed, it is there again.
  const draft = draftKeyOf(useAuth((state) => state.user?.id ?? ''), 'instructions', of);
  const [text, setText] = useState(() => useDrafts.getState().drafts[draft] ?? instructions);
  const { busy, problem, run } = useSubmit();
  const length = [...text.trim()].length;
  const tooLong = length > maxLength;

  function change(changed: string): void {
    setText(changed);
    useDrafts.getState().setDraft(draft, changed === instructions ? '' : changed);
  }

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (tooLong || !(await run(() => changeInstructions(of, text)))) return;
    // What was typed during saving is not saved.
    if (useDrafts.getState().drafts[draft] === text) useDrafts.getState().setDraft(draft, '');
    onSaved();
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-2">
      <label htmlFor={id} className="sr-only">{label}</label>
      <p id={`${id}-hint`} className="text-sm text-soft">{hint}</p>
      <textarea
        ref={field}
        id={id}
        dir="auto"
        rows={6}
        value={text}
        onChange={(event) => change(event.currentTarget.value)}
        aria-describedby={`${id}-hint ${id}-length`}
        aria-invalid={tooLong || undefined}
        className="max-h-[50dvh] min-h-32 w-full resize-y rounded-lg border border-line-strong bg-raised px-3 py-2 text-base outline-none focus:border-accent focus:ring-2 focus:ring-accent/25 aria-invalid:border-danger sm:text-sm"
      />
      <p id={`${id}-length`} className={`text-xs ${tooLong ? 'text-danger' : 'text-soft'}`}>{t`${length} of ${maxLength} characters`}</p>
      {problem !== null && <Notice sentence={problem} />}
      <div className="flex flex-wrap items-center justify-end gap-2">
        {children}
        {text !== instructions && <Button look="quiet" onClick={() => change(instructions)}>{t`Discard changes`}</Button>}
        <Button type="submit" look="accent" disabled={busy || tooLong || text === instructions}>{t`Save`}</Button>
      </div>
    </form>
  );
}
