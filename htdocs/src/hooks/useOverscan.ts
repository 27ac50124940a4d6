import { useEffect, useState } from 'react';

/** So many are drawn either way, one more at a time; for the browser's own search, which looks for what is drawn, this many more at a time. */
const around = 4;
const searched = 200;
const step = 8;

/**
 * How many messages beyond those in sight are drawn: none at first, since a reader waits for those in sight; then more either way whenever the page has
 * nothing else to do, when what draws them is there (`ready`).
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

/** Not every browser tells when it is idle. */
function whenIdle(work: () => void): () => void {
  if (!('requestIdleCallback' in window)) {
    const timer = setTimeout(work, 200);
    return () => clearTimeout(timer);
  }
  const call = requestIdleCallback(work, { timeout: 500 });
  return () => cancelIdleCallback(call);
}
