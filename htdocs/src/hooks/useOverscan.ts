import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

const around = 4;

/** How many messages beyond those in sight are drawn: none at first, since a reader waits for those in sight; on paper all. */
export function useOverscan(): number {
  const [overscan, setOverscan] = useState(0);
  useEffect(() => {
    const draw = (): void => setOverscan(around);
    // Not every browser tells when it is idle.
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(draw, 200);
      return () => clearTimeout(timer);
    }
    const call = requestIdleCallback(draw, { timeout: 500 });
    return () => cancelIdleCallback(call);
  }, []);
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const print = ({ type }: Event): void => flushSync(() => setPrinting(type === 'beforeprint'));
    for (const type of ['beforeprint', 'afterprint']) addEventListener(type, print);
    return () => {
      for (const type of ['beforeprint', 'afterprint']) removeEventListener(type, print);
    };
  }, []);
  return printing ? Number.MAX_SAFE_INTEGER : overscan;
}
