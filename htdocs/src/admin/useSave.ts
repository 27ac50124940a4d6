import { useSubmitSaying, type Submit } from '../hooks/useSubmit';
import { adminSentenceOf } from './sentences';

/** As useSubmit, with what only administrators are told. `gone`: what is said when the row is not there any more. */
export function useSave(fields: readonly string[], gone?: () => string): Submit {
  return useSubmitSaying((error) => adminSentenceOf(error, gone), fields);
}
