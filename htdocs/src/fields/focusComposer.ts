/** Moves the focus to the composer, except on a touch screen, where the keyboard would open. */
export function focusComposer(): void {
  if (!matchMedia('(pointer: coarse)').matches) document.getElementById('composer')?.focus();
}
