import { useLayoutEffect, useState, type RefObject } from 'react';

/**
 * Whether a text that has streamed in is drawn as a whole. That draws it anew, so it waits while the reader has something of it selected.
 * `box`: where it is.
 */
export function useSettled(streaming: boolean, box: RefObject<HTMLElement | null> | undefined): boolean {
  const [settled, setSettled] = useState(!streaming);
  useLayoutEffect(() => {
    if (streaming) setSettled(false);
    if (streaming || settled) return;
    const look = (): void => {
      if (!isSelected(box?.current)) setSettled(true);
    };
    look();
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [streaming, settled, box]);
  return settled;
}

function isSelected(element: HTMLElement | null | undefined): boolean {
  const selection = getSelection();
  return element != null && selection !== null && !selection.isCollapsed && selection.containsNode(element, true);
}
