import { t } from '@lingui/core/macro';
import { isGone } from '../api/problem';

/** What can be done with what was entered of something that somebody else has removed. */
export function addableSentence(): string {
  return t`What you entered is still here. You can add it as new.`;
}

/** Whatever was to be removed and is not there any more has been: that is no failure. */
export function unlessGone(error: unknown): void {
  if (!isGone(error)) throw error;
}
