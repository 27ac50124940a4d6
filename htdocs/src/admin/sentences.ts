import { t } from '@lingui/core/macro';
import { ApiError, sentenceOf } from '../api/problem';

/** What only administrators are told, by the server's code. */
const sentences: Record<string, () => string> = {
  admin_only: () => t`Only administrators can see this.`,
  locked: () => t`This is set in the server’s configuration file or environment and can only be changed there.`,
  sealed: () => sealedSentence(),
  name_taken: () => t`There is already a provider with this name.`,
  too_many: () => t`This server can’t hold any more of these. Remove some first.`,
  provider_unknown: () => t`This provider no longer exists.`,
  fallback_unknown: () => t`The fallback model no longer exists.`,
  changed_elsewhere: () => t`Someone else changed this in the meantime. Try again to replace their changes with yours.`,
  in_use: () => t`This provider still has models. Remove them first.`,
  doctor_busy: () => t`A check is already running. Try again when it’s done.`,
  trial_running: () => t`Another model is being tested. Try this one again in a minute.`,
  last_admin: () => t`This is the last administrator. Make someone else an administrator first.`,
  not_published: () => t`This assistant isn’t published any more. Choose another one.`,
  own_account: () => t`Change your own password in your account.`,
  site_user: () => t`This account is managed by the site and has no password here.`,
  provider_away: () => t`The provider couldn’t be reached, or didn’t answer as expected. Check its address and key.`,
};

export function sealedSentence(): string {
  return t`The stored key can’t be read, because the server’s secret file is a different one now. Enter the key again.`;
}

/** As sentenceOf, where an administrator is at work. */
export function adminSentenceOf(error: unknown): string {
  const own = error instanceof ApiError && Object.hasOwn(sentences, error.code) ? sentences[error.code]?.() : undefined;
  return own ?? sentenceOf(error);
}

/** For the test: the codes that are known here. */
export const knownAdminCodes = Object.keys(sentences);
