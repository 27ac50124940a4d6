import type { ComponentProps, MouseEvent } from 'react';
import { iconClass } from './Button';

/**
 * A link within this page: a plain click goes there without loading anything; the browser's own ways to open a link elsewhere (middle click, Ctrl or
 * Shift, its menu) still work.
 */
export function PageLink({ href, onOpen, ...rest }: Omit<ComponentProps<'a'>, 'onClick'> & { href: string; onOpen: () => void }) {
  const open = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen();
  };
  return <a {...rest} href={href} onClick={open} />;
}

/** A link with only an icon: `label` is its name and its tooltip. */
export function IconLink({ label, size, ...rest }: Omit<ComponentProps<typeof PageLink>, 'className'> & { label: string; size: string }) {
  return <PageLink aria-label={label} title={label} {...rest} className={iconClass({ size })} />;
}
