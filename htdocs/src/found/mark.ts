/** Marks places without changing the document: React goes on owning it. */

const name = 'found';

/** Without highlights: the first place that was found is selected, once; what the reader selects then is theirs. */
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
