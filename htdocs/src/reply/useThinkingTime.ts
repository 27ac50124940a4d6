import { useEffect, useRef } from 'react';
import { keepThinkingTime, useThinking } from '../stores/thinking';

/** How long a piece of reasoning took, in seconds; null if this tab has not seen it. */
export function useThinkingTime(id: string, running: boolean): number | null {
  const start = useRef<number | null>(null);
  const seconds = useThinking((state) => state.seconds[id] ?? null);
  useEffect(() => {
    if (running) start.current ??= Date.now();
    else if (start.current !== null) {
      keepThinkingTime(id, Math.max(1, Math.round((Date.now() - start.current) / 1000)));
      start.current = null;
    }
  }, [id, running]);
  return seconds;
}
