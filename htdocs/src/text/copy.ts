/** Puts text on the clipboard. Pages without TLS, as in many a local network, have only the old way. Throws when the browser refuses. */
export async function copyText(text: string): Promise<void> {
  if ('clipboard' in navigator && isSecureContext) await navigator.clipboard.writeText(text);
  else copyFromField(text);
}

/** A text for programs that take one, and HTML for those that take that. */
export async function copyBoth(text: string, html: string): Promise<void> {
  if ('clipboard' in navigator && isSecureContext && typeof ClipboardItem !== 'undefined') {
    const blob = (type: string, value: string): Blob => new Blob([value], { type });
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob('text/plain', text), 'text/html': blob('text/html', html) })]);
    return;
  }
  const onCopy = (event: ClipboardEvent): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData?.setData('text/plain', text);
    event.clipboardData?.setData('text/html', html);
  };
  document.addEventListener('copy', onCopy, { capture: true });
  try {
    copyFromField(text);
  } finally {
    document.removeEventListener('copy', onCopy, { capture: true });
  }
}

function copyFromField(text: string): void {
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'fixed top-0 left-0 size-px whitespace-pre opacity-0'; // collapsed blanks would be copied so
  // Outside of a modal dialog nothing takes the focus.
  (document.querySelector('dialog:modal') ?? document.body).append(field);
  field.focus();
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!copied) throw new Error('copy');
}
