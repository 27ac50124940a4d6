import { useState } from 'react';
import { ApiError } from '../api/problem';
import { adminSentenceOf } from './sentences';

export interface Save {
  busy: boolean;
  /** Why it did not work, unless that is about one of the fields. */
  problem: string | null;
  /** What is wrong with this field. */
  at: (field: string) => string | null;
  /** Resolves to whether it worked. */
  run: (work: () => Promise<void>) => Promise<boolean>;
}

/** As useSubmit, with what only administrators are told. */
export function useSave(...fields: string[]): Save {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const field = error instanceof ApiError && error.field !== undefined && fields.includes(error.field) ? error.field : null;
  async function run(work: () => Promise<void>): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (error) {
      setError(error);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return {
    busy,
    problem: error === null || field !== null ? null : adminSentenceOf(error),
    at: (name) => (name === field ? adminSentenceOf(error) : null),
    run,
  };
}
