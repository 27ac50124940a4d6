import { useState } from 'react';
import { sentenceOf } from '../api/problem';

export interface Submit {
  busy: boolean;
  /** Why it did not work. */
  problem: string | null;
  /** Resolves to whether it worked. */
  run: (work: () => Promise<void>) => Promise<boolean>;
}

/** The state of a form that is sent: once at a time, and with one sentence when it fails. */
export function useSubmit(): Submit {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function run(work: () => Promise<void>): Promise<boolean> {
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(sentenceOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, run };
}
