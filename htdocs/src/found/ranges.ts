import { findWords } from './find';

/** Elements that are not part of the text: names for screen readers, buttons, footers. */
const notSaid = 'footer, button, .sr-only';
const blocks = 'p, li, td, th, pre, h1, h2, h3, h4, h5, h6, blockquote, summary, div';

/** The ranges of the words in the drawn text, across element boundaries. */
export function rangesOf(root: Element, query: string): Range[] {
  const { text, pieces } = textIn(root);
  return findWords(text, query).map(({ start, end }) => {
    const range = document.createRange();
    const [first, last] = [pieceAt(pieces, start), pieceAt(pieces, end - 1)];
    range.setStart(first.node, start - first.at);
    range.setEnd(last.node, end - last.at);
    return range;
  });
}

interface Piece {
  node: Text;
  at: number;
}

function textIn(root: Element): { text: string; pieces: Piece[] } {
  const pieces: Piece[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest(notSaid) === null ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT,
  );
  let text = '';
  let block: Element | null | undefined = null;
  for (let node = walker.nextNode(); node instanceof Text; node = walker.nextNode()) {
    const here = node.parentElement?.closest(blocks);
    if (here !== block) text += '\n'; // no word continues in another paragraph
    block = here;
    pieces.push({ node, at: text.length });
    text += node.data;
  }
  return { text, pieces };
}

function pieceAt(pieces: Piece[], place: number): Piece {
  let [low, high] = [0, pieces.length - 1];
  while (low < high) {
    const half = Math.ceil((low + high) / 2);
    if ((pieces[half]?.at ?? 0) <= place) low = half;
    else high = half - 1;
  }
  const piece = pieces[low];
  if (piece === undefined) throw new Error('no text');
  return piece;
}
