/** Says in a note what went wrong. The notes' code is none that the page's first paint waits for (App.tsx fetches it right after). */
export function sayError(sentence: string): void {
  void import('sonner').then(({ toast }) => toast.error(sentence)).catch(() => undefined);
}
