/** Where the next message is written takes the focus; not on a touch screen, whose keyboard would jump up. */
export function focusComposer(): void {
  if (!matchMedia('(pointer: coarse)').matches) document.getElementById('composer')?.focus();
}
