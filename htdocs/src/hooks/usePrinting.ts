import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** For components that are drawn only because of printing. */
let begun = false;
addEventListener('beforeprint', () => (begun = true), { capture: true });
addEventListener('afterprint', () => (begun = false), { capture: true });

/** Whether the browser is printing the page, which it does as soon as the listeners of `beforeprint` return. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(begun);
  useEffect(() => {
    const print = ({ type }: Event): void => flushSync(() => setPrinting(type === 'beforeprint'));
    for (const type of ['beforeprint', 'afterprint']) addEventListener(type, print);
    return () => {
      for (const type of ['beforeprint', 'afterprint']) removeEventListener(type, print);
    };
  }, []);
  return printing;
}
