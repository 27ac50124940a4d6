import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type RefObject } from 'react';

/** A list at its end stays there when its box becomes smaller: a phone's keyboard opens, the window or the composer changes its size. */
export function useStayAtEnd(list: Virtualizer<HTMLDivElement, Element>, box: RefObject<HTMLDivElement | null>, slack: number): void {
  const atEnd = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    // By the list's own figures: to ask the document for its size would have it laid out once more in every step of a scroll.
    const look = (): void => {
      atEnd.current = list.getTotalSize() - (list.scrollOffset ?? 0) - (list.scrollRect?.height ?? 0) <= slack;
    };
    const observer = new ResizeObserver(() => {
      if (atEnd.current) list.scrollToEnd();
    });
    element.addEventListener('scroll', look, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [list, box, slack]);
}
