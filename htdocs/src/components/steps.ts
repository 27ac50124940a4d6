import type { KeyboardEvent } from 'react';

/** Arrow keys go from one line of a list to the next: from each `data-line` element to the one before or after. */
export function stepThrough(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.altKey || !(event.target instanceof HTMLElement) || !event.target.matches('[data-line]')) return;
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-line]')];
  lines[lines.indexOf(event.target) + step]?.focus();
  event.preventDefault();
}
