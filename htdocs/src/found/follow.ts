import { mark, unmark } from './mark';
import { rangesOf } from './ranges';

/** The list may still be scrolling to the message for this long. */
const settleTime = 1500;

/** Marks the words in the row, also if it is drawn later or again, until `left`. */
export function followFound(box: HTMLElement, row: string, words: string, margin: number, left: AbortSignal): void {
  const until = performance.now() + settleTime;
  let touched = false;
  let frame = 0;
  const look = (): void => {
    frame = 0;
    const element = box.querySelector(row);
    const ranges = element === null ? [] : rangesOf(element, words);
    mark(ranges);
    if (!touched && performance.now() < until) bringIntoSight(box, ranges, margin);
  };
  const soon = (): void => {
    if (frame === 0) frame = requestAnimationFrame(look);
  };
  const touch = (): void => {
    touched = true;
  };
  const observer = new MutationObserver(soon);
  observer.observe(box, { childList: true, subtree: true, characterData: true });
  // The list may scroll to the message after it was marked.
  box.addEventListener('scroll', soon, { passive: true, signal: left });
  for (const type of ['wheel', 'touchmove', 'keydown', 'pointerdown']) box.addEventListener(type, touch, { passive: true, signal: left });
  left.addEventListener('abort', () => {
    observer.disconnect();
    cancelAnimationFrame(frame);
    unmark();
  });
  soon();
}

function bringIntoSight(box: HTMLElement, ranges: Range[], margin: number): void {
  const place = ranges.map((range) => range.getBoundingClientRect()).find(({ height }) => height > 0);
  if (place === undefined) return;
  const { top, bottom } = box.getBoundingClientRect();
  if (place.top < top) box.scrollBy({ top: place.top - top - margin });
  else if (place.bottom > bottom) box.scrollBy({ top: place.bottom - bottom + margin });
}
