import { useEffect, useState } from 'react';

/** After this many milliseconds without anything, a reader wonders. */
const patience = 8000;

/** Whether nothing has arrived for a while; `last` is what arrived last. */
export function useSilence(last: unknown): boolean {
  const [silentSince, setSilentSince] = useState<{ last: unknown } | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSilentSince({ last }), patience);
    return () => clearTimeout(timer);
  }, [last]);
  return silentSince !== null && silentSince.last === last;
}
