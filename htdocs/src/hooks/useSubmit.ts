import { useState } from 'react';
import { ApiError, isGone, sentenceOf } from '../api/problem';

export interface Submit {
  busy: boolean;
  /** The server has asked for the code of a second factor: the form has a field `code`. */
  asksCode: boolean;
  /** The object to change no longer exists. */
  gone: boolean;
  /** The error, unless it is about one of the fields. */
  problem: string | null;
  /** The error of this field. */
  at: (field: string) => string | null;
  /** Resolves to whether it succeeded. */
  run: (work: () => Promise<void>) => Promise<boolean>;
}

/** The state of a form with these fields: it is submitted once at a time, and shows one sentence if that fails. */
export function useSubmit(...fields: string[]): Submit {
  return useSubmitSaying(sentenceOf, fields);
}

/** The same with other sentences. */
export function useSubmitSaying(say: (error: unknown) => string, fields: readonly string[]): Submit {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [asksCode, setAsksCode] = useState(false);
  const [gone, setGone] = useState(false);
  const field = error instanceof ApiError && error.field !== undefined && fields.includes(error.field) ? error.field : null;
  async function run(work: () => Promise<void>): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (error) {
      setError(error);
      if (error instanceof ApiError && error.code === 'code_required') setAsksCode(true);
      if (isGone(error)) setGone(true);
      return false;
    } finally {
      setBusy(false);
    }
  }
  return {
    busy,
    asksCode,
    gone,
    problem: error === null || field !== null ? null : say(error),
    at: (name) => (name === field ? say(error) : null),
    run,
  };
}
