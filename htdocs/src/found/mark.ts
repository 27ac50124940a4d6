/** Marks ranges without changing the document, which belongs to React. */

const name = 'found';

/** Without highlights, the first range is selected, once; after that the selection belongs to the reader. */
let selected = false;

export function mark(ranges: Range[]): void {
  if (canHighlight()) {
    CSS.highlights.set(name, new Highlight(...ranges));
    return;
  }
  const [first] = ranges;
  if (first === undefined || selected) return;
  selected = true;
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(first.cloneRange());
}

export function unmark(): void {
  selected = false;
  if (canHighlight()) CSS.highlights.delete(name);
}

function canHighlight(): boolean {
  return typeof Highlight === 'function' && 'highlights' in CSS;
}
