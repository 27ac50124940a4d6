import { useEffect, useState } from 'react';

const around = 4;

/** How many messages beyond those in sight are drawn: none at first, since a reader waits for those in sight. */
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
  return overscan;
}
