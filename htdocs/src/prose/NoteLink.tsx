import type { MouseEvent, ReactNode } from 'react';

/** The ids of a message's footnotes (MarkdownBody); nothing else in a reply has an id. */
export function isNoteId(id: string | undefined): id is string {
  return id !== undefined && /^note_r_\w+_fn(?:ref)?-/.test(id);
}

/** Leads from a number to its footnote and back, within the message, without adding to the browser's history. */
export function NoteLink({ href, id, label, children }: { href?: string | undefined; id?: string | undefined; label?: string | undefined; children?: ReactNode }) {
  function go(event: MouseEvent<HTMLAnchorElement>): void {
    event.preventDefault();
    const wanted = decodeURIComponent(href?.slice(1) ?? '');
    const target = [...(event.currentTarget.closest('.prose')?.querySelectorAll<HTMLElement>('[id]') ?? [])].find((each) => each.id === wanted);
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: 'nearest' });
  }
  if (href?.startsWith('#note') !== true) return <span>{children}</span>;
  return (
    <a href={href} onClick={go} {...(isNoteId(id) && { id })} aria-label={label}>
      {children}
    </a>
  );
}
