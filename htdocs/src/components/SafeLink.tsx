import type { ReactNode } from 'react';

const safeSchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** A link that a model wrote: it opens apart, learns nothing about this page, and cannot be a script. */
export function SafeLink({
  href,
  children,
  className,
}: {
  href?: string | undefined;
  children?: ReactNode;
  className?: string;
}) {
  if (href === undefined || !isSafe(href)) return <span className={className}>{children}</span>;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer nofollow ugc" className={className}>
      {children}
    </a>
  );
}

/** Only absolute addresses: what a model writes relative to our own page is never meant. */
function isSafe(href: string): boolean {
  return URL.canParse(href) && safeSchemes.has(new URL(href).protocol);
}
