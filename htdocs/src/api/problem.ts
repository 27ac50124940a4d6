import { plural, t } from '@lingui/core/macro';

/** What the server answers instead of a result: application/problem+json (RFC 9457). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** The server did not answer at all. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor() {
    super(t`The server cannot be reached. Check your connection and try again.`);
  }
}

/** The reply's stream ended before the server said that it was finished. */
export class LostConnectionError extends Error {
  override readonly name = 'LostConnectionError';

  constructor() {
    super(t`The connection was lost while the reply was coming in.`);
  }
}

/** Turns an unsuccessful answer into an error whose message is one plain sentence. */
export async function problemOf(response: Response): Promise<ApiError> {
  const problem: unknown = await response.json().catch(() => null);
  const text = (member: string): string | undefined => {
    const value = typeof problem === 'object' && problem !== null ? Reflect.get(problem, member) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const code = text('code') ?? '';
  const sentence = limitSentence(code, Reflect.get(Object(problem), 'limit')) ?? sentences[code]?.(text('detail') ?? '') ?? text('detail') ?? text('title') ?? fallbackSentence(response.status);
  return new ApiError(response.status, code, asSentence(sentence));
}

/** How long to wait, in words. */
function inWords(seconds: number): string {
  if (seconds < 90) return plural(seconds, { one: '# second', other: '# seconds' });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return plural(minutes, { one: '# minute', other: '# minutes' });
  return plural(Math.ceil(minutes / 60), { one: '# hour', other: '# hours' });
}

/** What a limit says that was met: whose it is, and when there is room again. */
function limitSentence(code: string, limit: unknown): string | undefined {
  const seconds: unknown = Reflect.get(Object(limit), 'waitSeconds');
  if (code !== 'rate_limited' || typeof seconds !== 'number') return undefined;
  const wait = inWords(seconds);
  if (Reflect.get(Object(limit), 'scope') === 'user') return t`That was a little too often. Please try again in ${wait}.`;
  return t`Too many people are asking for this at the moment. Please try again in ${wait}.`;
}

/** What was asked for is not there (any more). */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** What to show for any error that was caught. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message;
  return t`Something went wrong. Please try again.`;
}

/** What the page says by the server's code, in its reader's language; of a code that it does not know, what the server said. */
const sentences: Record<string, (detail: string) => string> = {
  // of this page's own requests
  bad_credentials: () => t`The username or the password is wrong.`,
  username_taken: () => t`This username is taken.`,
  wrong_password: () => t`This is not the password of this account.`,
  no_password: () => t`This account belongs to the site and has no password here.`,
  registration_off: () => t`New accounts are not made here.`,
  account_disabled: () => t`This account is disabled. Please ask whoever runs this site.`,
  invite_required: () => t`An invitation is needed to open an account here.`,
  invite_invalid: () => t`This invitation has been used, or its time is over.`,
  password_common: () => t`This password is among the first that are tried. Choose another one.`,
  otp_required: () => t`Enter the code that your second factor shows.`,
  otp_wrong: () => t`This code is wrong, or it was used before.`,
  wrong_code: () => t`This code is wrong, or it was used before.`,
  totp_on: () => t`This account has a second factor already.`,
  totp_off: () => t`This account has no second factor.`,
  reply_running: () => t`Another reply is running in this session.`,
  message_too_large: () => t`One message holds at most 12 MB. Send fewer or smaller files at once.`,
  too_large_to_store: (detail) => {
    const size = /\d+ [KM]B/.exec(detail)?.[0] ?? '';
    return t`The database of this server takes at most ${size} in one message. Send fewer or smaller files at once.`;
  },
  search_too_broad: () => t`This search takes too long. Please search for longer words, or for more of them.`,
  unknown_reply: () => t`This session has changed in the meantime. Reload the page and try again.`,
  message_conflict: () => t`This session has changed in the meantime. Reload the page and try again.`,
  cannot_continue: () => t`This session has changed in the meantime. Reload the page and try again.`,
  // of requests of any kind
  unauthenticated: () => t`Please log in again.`,
  forbidden: () => t`This is switched off on this server.`,
  cross_site: () => t`The server refused this request.`,
  invalid: () => t`The server did not understand this request. Reload the page and try again.`,
  method_not_allowed: () => t`The server did not understand this request. Reload the page and try again.`,
  not_json: () => t`The server did not understand this request. Reload the page and try again.`,
  not_found: () => t`This was not found.`,
  conflict: () => t`This contradicts what is stored. Reload the page and try again.`,
  too_large: () => t`This is too large to send.`,
  rate_limited: () => t`Too many requests. Please wait a moment and try again.`,
  messages_used_up: () => t`These were all your messages for today. There will be new ones tomorrow.`,
  tokens_used_up: () => t`You have used all your tokens for today. There will be new ones tomorrow.`,
  storage_full: () => t`Your sessions take all the room that an account has here. Delete some that you no longer need.`,
  too_many_sessions: () => t`You have as many sessions as an account may have here. Delete some that you no longer need.`,
  too_many_at_once: () => t`You have too much of this running at once. Wait until something has finished, then try again.`,
  metadata_too_large: () => t`This is too large to send.`,
  too_many_values: () => t`This is too large to send.`,
  too_many_requests: () => t`Too many requests. Please wait a moment and try again.`,
  unavailable: () => t`The server is not available at the moment. Please try again shortly.`,
  upstream: () => t`The model could not answer. Please try again.`,
  internal: () => t`The server made a mistake. Please try again.`,
};

/** For the test: the codes that are known here. */
export const knownCodes = Object.keys(sentences);

function fallbackSentence(status: number): string {
  if (status === 401) return t`Please log in again.`;
  if (status === 404) return t`This was not found.`;
  if (status === 413) return t`This is too large to send.`;
  if (status === 429) return t`Too many requests. Please wait a moment and try again.`;
  if (status >= 500) return t`The server is not available at the moment. Please try again shortly.`;
  return t`The server refused this request.`;
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
