import { useEffect, useState } from 'react';

/** After so many milliseconds without anything a reader wonders. */
const patience = 8000;

/** Whether nothing has come for a while: `last` is what has come last. */
export function useSilence(last: unknown): boolean {
  const [silentSince, setSilentSince] = useState<{ last: unknown } | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setSilentSince({ last }), patience);
    return () => clearTimeout(timer);
  }, [last]);
  return silentSince !== null && silentSince.last === last;
}
