import { useEffect, useState } from 'react';
import { draw, drawnBefore, isDrawing } from '../diagram/artist';
import type { Answer } from '../diagram/protocol';
import { usePrinting } from '../hooks/usePrinting';
import { useScheme } from './useScheme';

/** The drawing of a diagram's source in the colours of the page, or of paper; null until there is one. */
export function useDrawing(source: string): Answer | null {
  const scheme = useScheme();
  const printing = usePrinting();
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let wanted = true;
    void draw(source, scheme).then((drawn) => {
      if (!wanted) return;
      setAnswer(drawn);
      // Paper is light, and printing does not wait for drawing.
      if (scheme === 'dark' && isDrawing(drawn)) void draw(source, 'light');
    });
    return () => {
      wanted = false;
    };
  }, [source, scheme]);
  return (printing ? drawnBefore(source, 'light') : undefined) ?? drawnBefore(source, scheme) ?? answer;
}
