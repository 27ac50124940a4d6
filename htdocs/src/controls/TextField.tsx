import { useEffect, useId, useRef, type ComponentProps } from 'react';

/** `problem`: what is wrong with the value; the field then takes the focus. */
export function TextField({
  label,
  hint,
  problem = null,
  ...rest
}: ComponentProps<'input'> & { label: string; hint?: string | undefined; problem?: string | null }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (problem !== null) input.current?.focus();
  }, [problem]);

  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        ref={input}
        id={id}
        data-first={rest.autoFocus === true || undefined}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem !== null ? `${id}-problem` : hint !== undefined ? `${id}-hint` : undefined}
        {...rest}
        className="h-11 w-full rounded-lg border border-line-strong bg-raised px-3 text-base outline-none focus:border-accent focus:ring-2 focus:ring-accent/25 aria-invalid:border-danger"
      />
      {problem !== null ? (
        <p id={`${id}-problem`} role="alert" className="text-sm text-danger">
          {problem}
        </p>
      ) : (
        hint !== undefined && (
          <p id={`${id}-hint`} className="text-xs text-soft">
            {hint}
          </p>
        )
      )}
    </div>
  );
}
