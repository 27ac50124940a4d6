import { useSubmitSaying, type Submit } from '../hooks/useSubmit';
import { adminSentenceOf } from './sentences';

/** As useSubmit, with what only administrators are told. */
export function useSave(...fields: string[]): Submit {
  return useSubmitSaying(adminSentenceOf, fields);
}
