import { t } from '@lingui/core/macro';
import { isGone } from '../api/problem';

/** What can be done with values entered for an object that somebody else has removed. */
export function addableSentence(): string {
  return t`What you entered is still here. You can add it as new.`;
}

/** If the object to remove is already gone, that is not a failure. */
export function unlessGone(error: unknown): void {
  if (!isGone(error)) throw error;
}
