import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * Keeps the reader's place while a list grows at its start. Call the result before the list grows;
 * when `first` has changed, the same content is in the same place again.
 */
export function useKeptPlace(box: RefObject<HTMLElement | null>, first: string | undefined): () => void {
  const fromEnd = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (fromEnd.current === null || box.current === null) return;
    box.current.scrollTop = box.current.scrollHeight - fromEnd.current;
    fromEnd.current = null;
  }, [box, first]);
  return () => {
    if (box.current !== null) fromEnd.current = box.current.scrollHeight - box.current.scrollTop;
  };
}
