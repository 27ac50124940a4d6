import type { RootContent } from 'hast';
import { useMemo, type ReactNode } from 'react';
import { keptPieces } from '../code/keptPieces';

/** Code whose pieces have the classes that styles.css colours. Its text is exactly the code. */
export default function ColouredCode({ language, code }: { language: string; code: string }) {
  const pieces = useMemo(() => keptPieces(language, code), [language, code]);
  return <code>{pieces === null ? code : pieces.map(drawn)}</code>;
}

function drawn(piece: RootContent, index: number): ReactNode {
  if (piece.type === 'text') return piece.value;
  if (piece.type !== 'element') return null;
  const classes = piece.properties['className'];
  return (
    <span key={index} className={Array.isArray(classes) ? classes.join(' ') : undefined}>
      {piece.children.map(drawn)}
    </span>
  );
}
