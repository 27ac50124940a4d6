import { useLayoutEffect, useState, type RefObject } from 'react';

/**
 * Whether a streamed text is drawn as a whole. That draws it again, so it waits while the reader has a part of it selected or holds a button down: a
 * selection is lost with the text in which it begins. `box`: the element with the text.
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
    document.addEventListener('pointerup', () => setTimeout(look), leave); // after the click has removed the selection
    document.addEventListener('pointercancel', look, leave);
    return () => leave.abort();
  }, [streaming, settled, box]);
  return settled;
}

/** Whether a mouse button or a finger is down. */
let held = false;
for (const [event, down] of [['pointerdown', true], ['pointerup', false], ['pointercancel', false]] as const) {
  document.addEventListener(event, () => (held = down), true);
}

function isSelected(element: HTMLElement | null | undefined): boolean {
  const selection = getSelection();
  return element != null && selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
}
