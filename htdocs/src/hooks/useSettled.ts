import { useLayoutEffect, useState, type RefObject } from 'react';

/**
 * Whether a text that has streamed in is drawn as a whole. That draws it anew, so it waits while the reader has something of it selected, or
 * holds a button down: what is being selected then is lost with the text that it begins in.
 * `box`: where it is.
 */
export function useSettled(streaming: boolean, box: RefObject<HTMLElement | null> | undefined): boolean {
  const [settled, setSettled] = useState(!streaming);
  useLayoutEffect(() => {
    if (streaming) setSettled(false);
    if (streaming || settled) return;
    const leave = new AbortController();
    const look = (): void => {
      if (!held && !isSelected(box?.current)) setSettled(true);
    };
    look();
    document.addEventListener('selectionchange', look, leave);
    document.addEventListener('pointerup', () => setTimeout(look), leave); // when a click has taken back what was selected
    document.addEventListener('pointercancel', look, leave);
    return () => leave.abort();
  }, [streaming, settled, box]);
  return settled;
}

/** Whether a button of the mouse is down, or a finger. */
let held = false;
for (const [event, down] of [['pointerdown', true], ['pointerup', false], ['pointercancel', false]] as const) {
  document.addEventListener(event, () => (held = down), true);
}

function isSelected(element: HTMLElement | null | undefined): boolean {
  const selection = getSelection();
  return element != null && selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
}
