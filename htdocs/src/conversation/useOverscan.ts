import { useEffect, useState } from 'react';

/**
 * How many messages are drawn in each direction, one more at a time; for the browser's own search, which finds only what is drawn, this many more at
 * a time.
 */
const around = 4;
const searched = 200;
const step = 8;

/**
 * How many messages beyond the visible ones are drawn: none at first, because the reader waits for the visible ones; then more in each direction
 * whenever the page is idle, once their code is loaded (`ready`).
 */
export function useOverscan(ready: () => Promise<void>, finding: boolean): number {
  const [overscan, setOverscan] = useState(0);
  useEffect(() => {
    let [left, cancel] = [false, (): void => {}];
    const most = finding ? searched : around;
    const grow = (size: number): void => {
      if (left || size > most) return;
      cancel = whenIdle(() => {
        setOverscan((before) => (finding ? Math.max(before, size) : size));
        grow(size + (finding ? step : 1));
      });
    };
    void ready().then(() => grow(finding ? around + step : 1));
    return () => {
      left = true;
      cancel();
    };
  }, [ready, finding]);
  return Math.min(overscan, finding ? searched : around);
}

/** Not every browser reports when it is idle. */
function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 200);
    return () => clearTimeout(timer);
  }
  const call = requestIdleCallback(work, { timeout: 500 });
  return () => cancelIdleCallback(call);
}
