import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type RefObject } from 'react';

/** Within this many pixels of the end, the list stays at its end. */
const slack = 24;

export const isNearEnd = (list: Virtualizer<HTMLDivElement, Element>): boolean => restOf(list) <= slack;

/** How many pixels of the list are below the visible part. Uses the list's own figures, because reading the document's would force a layout. */
export function restOf(list: Virtualizer<HTMLDivElement, Element>): number {
  return list.getTotalSize() - (list.scrollOffset ?? 0) - (list.scrollRect?.height ?? 0);
}

/** The threshold for the list's own following of its end; none while the reader has opened something there. */
export function useEndThreshold(): [threshold: number, follow: (on: boolean) => void] {
  const [following, follow] = useState(true);
  return [following ? slack : -1, follow];
}

/**
 * A list at its end stays there, whatever grows or shrinks: a reply and what comes below it, a phone's keyboard, the window. The reader ends that by
 * scrolling up, or by opening something: what they have pressed must not move away. A new question (`sent` counts them) is shown, wherever the reader
 * was.
 */
export function useStayAtEnd(
  list: Virtualizer<HTMLDivElement, Element>,
  box: RefObject<HTMLDivElement | null>,
  { opensAtEnd, sent, follow }: { opensAtEnd: boolean; sent: number; follow: (on: boolean) => void },
): void {
  const atEnd = useRef(opensAtEnd);
  const before = useRef(sent);
  useEffect(() => {
    if (sent === before.current) return;
    before.current = sent;
    atEnd.current = true;
    follow(true);
    list.scrollToEnd();
  }, [list, sent, follow]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const stay = (on: boolean): void => {
      atEnd.current = on;
      follow(on);
    };
    let before = list.scrollOffset ?? 0;
    const look = (): void => {
      const offset = list.scrollOffset ?? 0;
      if (isNearEnd(list)) stay(true);
      else if (offset < before) atEnd.current = false;
      before = offset;
    };
    const open = ({ target }: MouseEvent): void => {
      if (target instanceof Element && target.closest('summary, [data-unfolds]') !== null) stay(false);
    };
    const observer = new ResizeObserver(() => {
      if (atEnd.current) list.scrollToEnd();
    });
    element.addEventListener('scroll', look, { passive: true });
    element.addEventListener('click', open);
    observer.observe(element);
    if (element.firstElementChild !== null) observer.observe(element.firstElementChild);
    return () => {
      element.removeEventListener('scroll', look);
      element.removeEventListener('click', open);
      observer.disconnect();
    };
  }, [list, box, follow]);
}
