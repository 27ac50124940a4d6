import { useEffect, useRef, type RefObject } from 'react';

interface Held {
  element: HTMLElement;
  /** The key of its line (`data-key`), and the number of that line among those with `data-line`. */
  key: string | undefined;
  index: number;
}

/**
 * Lines of a list move and disappear. The focus moves with its line, or to the line that has taken its place; if no line is left, to the element with
 * `data-instead`. A `data-line` takes the focus, or contains something that does.
 */
export function useKeptFocus(box: RefObject<HTMLElement | null>): void {
  const held = useRef<Held | null>(null);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const hold = ({ target }: FocusEvent): void => {
      // A dialog above the list has the focus only temporarily.
      if (target instanceof HTMLElement && target.closest('dialog') === element.closest('dialog')) held.current = placeOf(element, target);
    };
    // An element that is removed from the page also loses the focus; only one that still exists was left on purpose.
    const letGo = ({ target }: FocusEvent): void => {
      setTimeout(() => {
        if (held.current?.element === target && held.current.element.isConnected) held.current = null;
      });
    };
    element.addEventListener('focusin', hold);
    element.addEventListener('focusout', letGo);
    return () => {
      element.removeEventListener('focusin', hold);
      element.removeEventListener('focusout', letGo);
    };
  }, [box]);

  useEffect(() => {
    const place = held.current;
    if (box.current === null || place === null || place.element.isConnected || document.activeElement !== document.body) return;
    held.current = null;
    const line = lineFor(box.current, place);
    // Only the visible part of a long list is in the page: a reader who scrolls away from the focused line is not scrolled back to where the next one
    // is.
    const preventScroll = line?.closest<HTMLElement>('[data-key]')?.dataset['key'] !== place.key;
    (line?.querySelector<HTMLElement>('a[href], button, input') ?? line)?.focus({ preventScroll });
  });
}

const linesOf = (box: HTMLElement): HTMLElement[] => [...box.querySelectorAll<HTMLElement>('[data-line]')];

function placeOf(box: HTMLElement, element: HTMLElement): Held {
  const item = element.closest<HTMLElement>('[data-key]');
  return { element, key: item?.dataset['key'], index: linesOf(box).findIndex((line) => item?.contains(line)) };
}

function lineFor(box: HTMLElement, { key, index }: Held): HTMLElement | undefined {
  const lines = linesOf(box);
  return lines.find((line) => line.closest<HTMLElement>('[data-key]')?.dataset['key'] === key) ?? lines[Math.min(Math.max(index, 0), lines.length - 1)] ?? box.querySelector<HTMLElement>('[data-instead]') ?? undefined;
}
