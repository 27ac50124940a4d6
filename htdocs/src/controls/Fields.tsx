import { useId, useLayoutEffect, useRef, type ComponentProps, type ReactNode } from 'react';

const box = 'w-full rounded-lg border border-line-strong bg-raised px-3 text-base outline-none focus:border-accent focus:ring-2 focus:ring-accent/25 disabled:opacity-60';

/** A choice from a list. */
export function SelectField({ label, hint, children, ...rest }: ComponentProps<'select'> & { label: string; hint?: string }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      <select id={id} aria-describedby={hint === undefined ? undefined : `${id}-hint`} {...rest} className={`h-11 text-ellipsis ${box}`}>
        {children}
      </select>
      {hint !== undefined && <p id={`${id}-hint`} className="text-xs text-soft">{hint}</p>}
    </div>
  );
}

/** Several lines of text. `prose`: in a human language, not code; `problem`: what is wrong with it. */
export function TextArea({ label, hint, prose = false, problem = null, ...rest }: ComponentProps<'textarea'> & { label: string; hint: string; prose?: boolean; problem?: string | null }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">{label}</label>
      <textarea id={id} rows={3} spellCheck={prose} autoComplete="off" aria-invalid={problem !== null || undefined} aria-describedby={`${id}-hint`} {...rest} className={`py-2 ${prose ? '' : 'font-mono'} ${box} aria-invalid:border-danger sm:text-sm`} />
      <p id={`${id}-hint`} role={problem === null ? undefined : 'alert'} className={problem === null ? 'text-xs text-soft' : 'text-sm text-danger'}>{problem ?? hint}</p>
    </div>
  );
}

/** `hint`: for example, why it cannot be changed. */
export function CheckField({ label, hint, ...rest }: ComponentProps<'input'> & { label: string; hint?: string | undefined }) {
  const id = useId();
  return (
    <>
      <label className="flex min-h-11 cursor-pointer items-center gap-2.5 text-sm has-disabled:cursor-default has-disabled:text-soft">
        <input type="checkbox" aria-describedby={hint === undefined ? undefined : id} {...rest} className="size-4.5 accent-accent-fill" />
        {label}
      </label>
      {hint !== undefined && <p id={id} className="-mt-2 pl-7 text-xs text-soft">{hint}</p>}
    </>
  );
}

/**
 * Options that are rarely needed. The section opens if one of its fields is wrong: in a closed section a field cannot take the focus or show its
 * error.
 */
export function More({ summary, children }: { summary: string; children: ReactNode }) {
  const box = useRef<HTMLDetailsElement>(null);
  // This must happen before the wrong field takes the focus.
  useLayoutEffect(() => {
    if (box.current?.querySelector('[aria-invalid]')) box.current.open = true;
  });
  return (
    <details ref={box} onInvalidCapture={(event) => (event.currentTarget.open = true)} className="group/more">
      <summary className="flex min-h-11 cursor-pointer items-center text-sm font-medium text-accent">{summary}</summary>
      <div className="grid gap-4 pt-2">{children}</div>
    </details>
  );
}
