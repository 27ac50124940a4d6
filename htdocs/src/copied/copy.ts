/** Puts text on the clipboard. Pages without TLS, as in many local networks, only have the old way. Throws if the browser refuses. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator && isSecureContext) await navigator.clipboard.writeText(text);
  else copyFromField(text);
}

/** Copies a reply as text and as drawn; the renderer's code sets this when it is loaded (rich.ts). */
export const reply: { copy: (text: string, article: Element) => Promise<void> } = { copy: copyText };

export function copyFromField(text: string): void {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'fixed top-0 left-0 size-px whitespace-pre opacity-0'; // collapsed blanks would be copied as such
  // While a modal dialog is open, nothing outside it can take the focus.
  (document.querySelector('dialog:modal') ?? document.body).append(field);
  field.focus();
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!copied) throw new Error('copy');
}
