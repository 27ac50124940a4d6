import { t } from '@lingui/core/macro';
import { ApiError, isGone, sentenceOf } from '../api/problem';
import { addableSentence } from '../fields/gone';
import { ruleOf, type Form } from './rules';

/** Sentences about assistants and prompts, by the server's code. */
const sentences: Record<string, () => string> = {
  name_taken: () => t`You already have a prompt with this name.`,
  too_many: () => t`You can’t have any more of these. Delete some first.`,
  changed_elsewhere: () => t`This was changed elsewhere in the meantime. Try again to replace those changes with yours.`,
  library_full: () => t`Your assistants and prompts take up all the room there is for them. Shorten or delete some first.`,
  not_yours: () => t`This belongs to someone else. You can use it, but not change it.`,
  publish_denied: () => t`Only administrators can do this.`,
};

function goneSentence(form: Form): string {
  return form === 'assistant' ? t`This assistant was deleted in the meantime.` : t`This prompt was deleted in the meantime.`;
}

/** Like sentenceOf, for assistants and prompts. `of`: which of the two. */
export function librarySentenceOf(error: unknown, of?: Form): string {
  if (!(error instanceof ApiError)) return sentenceOf(error);
  const own = Object.hasOwn(sentences, error.code) ? sentences[error.code]?.() : undefined;
  if (own !== undefined || of === undefined) return own ?? sentenceOf(error);
  return ruleOf(of, error) ?? (isGone(error) ? goneSentence(of) : sentenceOf(error));
}

/** The same in a form, where the entered values are still there. */
export function formSentenceOf(of: Form): (error: unknown) => string {
  return (error) => (isGone(error) ? `${librarySentenceOf(error, of)} ${addableSentence()}` : librarySentenceOf(error, of));
}

/** For the test: the known codes. */
export const knownLibraryCodes = Object.keys(sentences);
