import type { ReactNode } from 'react';

const safeSchemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** A link written by a model: it opens in a new window, gets no information about this page, and cannot be a script. */
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

/** Only absolute addresses are safe: a model never means an address relative to our own page. */
function isSafe(href: string): boolean {
  return URL.canParse(href) && safeSchemes.has(new URL(href).protocol);
}
