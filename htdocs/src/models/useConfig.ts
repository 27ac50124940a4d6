import { useEffect, useState } from 'react';
import { readConfig, type Config } from '../api/config';
import { connectionPause } from '../chat/pause';

/** The delays before the server is asked again; the last one repeats. */
const waits = [2_000, 10_000, 30_000, 60_000];

/** The server's limits; null until it has answered. A page opened without a network asks again when there is one. */
export function useConfig(): Config | null {
  const [config, setConfig] = useState<Config | null>(null);
  useEffect(() => {
    const left = new AbortController();
    void ask(left.signal).then((said) => !left.signal.aborted && setConfig(said));
    return () => left.abort();
  }, []);
  return config;
}

async function ask(signal: AbortSignal): Promise<Config | null> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      return await readConfig();
    } catch {
      await connectionPause(waits[Math.min(attempt, waits.length - 1)] ?? 0, signal);
    }
  }
  return null;
}
