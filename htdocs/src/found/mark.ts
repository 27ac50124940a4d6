/** Marks places without changing the document: React goes on owning it. */

const name = 'found';

export function mark(ranges: Range[]): void {
  if (canHighlight()) {
    CSS.highlights.set(name, new Highlight(...ranges));
    return;
  }
  // Older browsers: the first place is selected.
  const [first] = ranges;
  const selection = getSelection();
  if (first === undefined || selection === null || selection.toString() === first.toString()) return;
  selection.removeAllRanges();
  selection.addRange(first.cloneRange());
}

export function unmark(): void {
  if (canHighlight()) CSS.highlights.delete(name);
}

function canHighlight(): boolean {
  return typeof Highlight === 'function' && 'highlights' in CSS;
}
