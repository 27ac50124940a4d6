import { useId, type ComponentProps } from 'react';

export function TextField({ label, hint, ...rest }: ComponentProps<'input'> & { label: string; hint?: string | undefined }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        {...rest}
        className="h-11 w-full rounded-lg border border-line-strong bg-raised px-3 text-base outline-none focus:border-accent focus:ring-2 focus:ring-accent/25"
      />
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-xs text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}
