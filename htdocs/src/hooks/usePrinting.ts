import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Whether the browser is putting the page on paper, which it does as soon as the listeners of `beforeprint` return. */
export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const print = ({ type }: Event): void => flushSync(() => setPrinting(type === 'beforeprint'));
    for (const type of ['beforeprint', 'afterprint']) addEventListener(type, print);
    return () => {
      for (const type of ['beforeprint', 'afterprint']) removeEventListener(type, print);
    };
  }, []);
  return printing;
}
