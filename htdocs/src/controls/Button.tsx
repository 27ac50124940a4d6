import type { ComponentProps, MouseEvent } from 'react';

type Look = 'plain' | 'quiet' | 'accent' | 'danger';

const looks: Record<Look, string> = {
  plain: 'border border-line bg-raised hover:bg-hover',
  quiet: 'text-soft hover:bg-hover hover:text-ink',
  accent: 'bg-accent-fill text-on-accent hover:brightness-110',
  danger: 'bg-danger text-page hover:brightness-110',
};

const base =
  'inline-flex items-center justify-center gap-2 text-sm font-medium transition-colors disabled:opacity-45 disabled:pointer-events-none aria-disabled:opacity-45 aria-disabled:pointer-events-none';

/** A disabled button keeps the focus, which a browser would take from an element with `disabled`. Enter does not submit its form either. */
export function Button({ look = 'plain', className = '', disabled = false, onClick, ...rest }: ComponentProps<'button'> & { look?: Look }) {
  return <button type="button" aria-disabled={disabled || undefined} onClick={disabled ? refuse : onClick} {...rest} className={`${base} h-9 rounded-lg px-3.5 ${looks[look]} ${className}`} />;
}

const refuse = (event: MouseEvent): void => event.preventDefault();

/** The classes of a button or link that has only an icon. */
export function iconClass({ look = 'quiet', size = 'size-9', round = false, className = '' }: IconLook): string {
  return `${base} ${size} ${round ? 'rounded-full' : 'rounded-lg'} shrink-0 ${looks[look]} ${className}`;
}

/** `size` is a Tailwind size class. */
interface IconLook {
  look?: Look | undefined;
  size?: string | undefined;
  round?: boolean | undefined;
  className?: string | undefined;
}

/** A button with only an icon: `label` is its name and its tooltip. */
export function IconButton({ label, look, size, round, className, ...rest }: ComponentProps<'button'> & IconLook & { label: string }) {
  return <button type="button" aria-label={label} title={label} {...rest} className={iconClass({ look, size, round, className })} />;
}
