import { useEffect, useState } from 'react';
import { draw, drawnBefore } from '../diagram/artist';
import type { Answer } from '../diagram/protocol';
import { useScheme } from './useScheme';

/** The drawing of a diagram's source in the colours of the page; null until there is one. */
export function useDrawing(source: string): Answer | null {
  const scheme = useScheme();
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    let wanted = true;
    void draw(source, scheme).then((drawn) => wanted && setAnswer(drawn));
    return () => {
      wanted = false;
    };
  }, [source, scheme]);
  return drawnBefore(source, scheme) ?? answer;
}
