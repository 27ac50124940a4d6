import type { KeyboardEvent } from 'react';

/**
 * Arrow keys move from one line of a list to the next, from each `data-line` element to the previous or next one; Home and End to the first and last.
 */
export function stepThrough(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key] ?? 0;
  if (step === 0 || event.altKey || !(event.target instanceof HTMLElement) || !event.target.matches('[data-line]')) return;
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-line]')];
  const wanted = Math.min(Math.max(lines.indexOf(event.target) + step, 0), lines.length - 1);
  lines[wanted]?.focus();
  event.preventDefault();
}
