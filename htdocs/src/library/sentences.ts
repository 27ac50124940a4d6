import { t } from '@lingui/core/macro';
import { ApiError, sentenceOf } from '../api/problem';

/** What is told of assistants and prompts, by the server's code. */
const sentences: Record<string, () => string> = {
  name_taken: () => t`You already have a prompt with this name.`,
  too_many: () => t`You can’t have any more of these. Delete some first.`,
  changed_elsewhere: () => t`This was changed elsewhere in the meantime. Try again to replace those changes with yours.`,
  library_full: () => t`Your assistants and prompts take up all the room there is for them. Shorten or delete some first.`,
  not_yours: () => t`This belongs to someone else. You can use it, but not change it.`,
  publish_denied: () => t`Only administrators can do this.`,
};

/** As sentenceOf, where somebody is at work on them. */
export function librarySentenceOf(error: unknown): string {
  const own = error instanceof ApiError && Object.hasOwn(sentences, error.code) ? sentences[error.code]?.() : undefined;
  return own ?? sentenceOf(error);
}

/** For the test: the codes that are known here. */
export const knownLibraryCodes = Object.keys(sentences);
