import { useEffect, type RefObject } from 'react';

const stops = 'button, a[href], input, [tabindex]';

/**
 * Only one line of a list, with its contents, is reached by the Tab key; arrow keys lead to the others (controls/steps.ts). It is the line that had
 * the focus last, otherwise the open one, otherwise the first.
 */
export function useRovingFocus(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let held: string | undefined;
    const arrange = (): void => {
      const lines = [...element.querySelectorAll<HTMLElement>('[data-key]')];
      const stop =
        lines.find((line) => line.dataset['key'] === held) ?? lines.find((line) => line.querySelector('[aria-current]') !== null) ?? lines[0];
      for (const line of lines) for (const each of line.querySelectorAll<HTMLElement>(stops)) each.tabIndex = line === stop ? 0 : -1;
    };
    const hold = ({ target }: FocusEvent): void => {
      const line = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-key]') : null;
      if (line === null) return;
      held = line.dataset['key'];
      arrange();
    };
    const watcher = new MutationObserver(arrange);
    watcher.observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-current'] });
    element.addEventListener('focusin', hold);
    arrange();
    return () => {
      watcher.disconnect();
      element.removeEventListener('focusin', hold);
    };
  }, [box]);
}
