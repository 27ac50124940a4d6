import { useEffect, useState } from 'react';

const around = 4;

/**
 * How many messages beyond those in sight are drawn: none at first, since a reader waits for those in sight; then one more either way whenever the page has
 * nothing else to do, when what draws them is there (`ready`).
 */
export function useOverscan(ready: () => Promise<void>): number {
  const [overscan, setOverscan] = useState(0);
  useEffect(() => {
    let [left, cancel] = [false, (): void => {}];
    const grow = (size: number): void => {
      if (left || size > around) return;
      cancel = whenIdle(() => {
        setOverscan(size);
        grow(size + 1);
      });
    };
    void ready().then(() => grow(1));
    return () => {
      left = true;
      cancel();
    };
  }, [ready]);
  return overscan;
}

/** Not every browser tells when it is idle. */
function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 200);
    return () => clearTimeout(timer);
  }
  const call = requestIdleCallback(work, { timeout: 500 });
  return () => cancelIdleCallback(call);
}
