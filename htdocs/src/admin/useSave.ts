import { useSubmitSaying, type Submit } from '../hooks/useSubmit';
import { adminSentenceOf } from './sentences';

/** Like useSubmit, with the sentences for administrators. `gone`: the sentence if the row no longer exists. */
export function useSave(fields: readonly string[], gone?: () => string): Submit {
  return useSubmitSaying((error) => adminSentenceOf(error, gone), fields);
}
