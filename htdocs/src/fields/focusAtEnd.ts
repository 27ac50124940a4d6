/** Puts the cursor at the end of a field: in a text that the page has set, a browser would begin at the start. */
export function focusAtEnd(field: HTMLElement | null | undefined): void {
  field?.focus();
  const hasCaret = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && ['text', 'search', 'url', 'tel', 'password'].includes(field.type));
  if (hasCaret) field.setSelectionRange(field.value.length, field.value.length);
}
