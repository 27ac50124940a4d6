import { t } from '@lingui/core/macro';
import { ApiError, isGone, sentenceOf } from '../api/problem';
import { ruleOf } from './rules';

/** Sentences that only administrators see, by the server's code. */
const sentences: Record<string, () => string> = {
  admin_only: () => t`Only administrators can see this.`,
  locked: () => t`This is set in the server’s configuration file or environment and can only be changed there.`,
  sealed: () => sealedSentence(),
  key_lost: () => lostSentence(),
  name_taken: () => t`There is already a provider with this name.`,
  too_many: () => t`This server can’t hold any more of these. Remove some first.`,
  provider_unknown: () => t`This provider no longer exists.`,
  fallback_unknown: () => t`The fallback model no longer exists.`,
  changed_elsewhere: () => t`Someone else changed this in the meantime. Try again to replace their changes with yours.`,
  in_use: () => t`This provider still has models. Remove them first.`,
  doctor_busy: () => t`A check is already running. Try again when it’s done.`,
  offers_running: () => t`The server is already asking for models. Try again in a minute.`,
  trial_running: () => t`Another model is being tested. Try this one again in a minute.`,
  last_admin: () => t`This is the last administrator. Make someone else an administrator first.`,
  not_published: () => t`This assistant isn’t published any more. Choose another one.`,
  own_account: () => t`Change your own password in your account.`,
  site_user: () => t`This account is managed by the site and has no password here.`,
  provider_away: () => t`The provider couldn’t be reached, or didn’t answer as expected. Check its address and key.`,
};

function sealedSentence(): string {
  return t`The server’s secret file isn’t the one the providers’ keys were encrypted with. Put the right file back. If it’s lost, run “lamplight secret accept” on the server, then enter the keys again.`;
}

function lostSentence(): string {
  return t`The key of this provider can’t be opened any more. Enter it again (and its additional headers).`;
}

/** A provider's problem, by the server's word for it. */
export function sentenceOfProblem(problem: string): string {
  return problem === 'sealed' ? sealedSentence() : problem === 'lost' ? lostSentence() : t`has problems`;
}

export function providerGone(): string {
  return t`This provider was removed in the meantime.`;
}

export function modelGone(): string {
  return t`This model was removed in the meantime.`;
}

export function userGone(): string {
  return t`This account was deleted in the meantime.`;
}

/** Like sentenceOf, for administrators. `gone`: the sentence if the object no longer exists. */
export function adminSentenceOf(error: unknown, gone?: () => string): string {
  if (!(error instanceof ApiError)) return sentenceOf(error);
  const own = Object.hasOwn(sentences, error.code) ? sentences[error.code]?.() : undefined;
  return own ?? ruleOf(error) ?? (isGone(error) ? gone?.() : undefined) ?? sentenceOf(error);
}

/** For the test: the known codes. */
export const knownAdminCodes = Object.keys(sentences);
