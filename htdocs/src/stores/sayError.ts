/** Shows an error in a toast. The first paint of the page does not wait for the toasts' code (App.tsx fetches it right after). */
export function sayError(sentence: string): void {
  void import('sonner').then(({ toast }) => toast.error(sentence)).catch(() => undefined);
}
