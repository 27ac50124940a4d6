/** What is in a field is gone on with where it ends: of a text that the page has put there, a browser begins at the start. */
export function focusAtEnd(field: HTMLElement | null | undefined): void {
  field?.focus();
  const hasCaret = field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && ['text', 'search', 'url', 'tel', 'password'].includes(field.type));
  if (hasCaret) field.setSelectionRange(field.value.length, field.value.length);
}
