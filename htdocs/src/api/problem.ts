import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';

/** What the sentence of a refusal says, as data (docs/openapi.json, About). */
export interface About {
  rule?: string;
  member?: string;
  model?: string;
  item?: number;
  detail?: string;
  maxBytes?: number;
}

/** An error answer of the server: application/problem+json (RFC 9457). */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    sentence: string,
    /** The form field that it is about: the name of a member that was sent. */
    readonly field?: string,
    /** After how many seconds another attempt may succeed, if the server says so. */
    readonly waitSeconds?: number,
    readonly about: About = {},
  ) {
    super(sentence);
  }
}

/** The server did not answer. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor() {
    super(t`Can’t reach the server. Check your connection and try again.`);
  }
}

/** The reply's stream ended before the server declared it finished. */
export class LostConnectionError extends Error {
  override readonly name = 'LostConnectionError';

  constructor() {
    super(t`The connection was lost during the reply.`);
  }
}

/** Turns an unsuccessful answer into an error whose message is one plain sentence. */
export async function problemOf(response: Response): Promise<ApiError> {
  const problem: unknown = await response.json().catch(() => null);
  const member = (name: string): unknown => Reflect.get(Object(problem), name);
  const text = (name: string): string | undefined => {
    const value = member(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const code = text('code') ?? '';
  const field = text('field') ?? fields[code];
  const detail = text('detail');
  const about = Object(member('about')) as About;
  const sentence =
    waitSentence(code, member('limit'), response) ??
    (code === 'invalid' && field !== undefined ? (fieldSentences[field]?.(about) ?? detail) : undefined) ??
    sentences[code]?.(about) ?? detail ?? text('title') ?? fallbackSentence(response.status);
  return new ApiError(response.status, code, asSentence(sentence), field, waitOf(member('limit'), response), about);
}

/** How long to wait, in words. */
function inWords(seconds: number): string {
  if (seconds < 90) return plural(seconds, { one: '# second', other: '# seconds' });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return plural(minutes, { one: '# minute', other: '# minutes' });
  return plural(Math.ceil(minutes / 60), { one: '# hour', other: '# hours' });
}

/** After how many seconds to try again; undefined if the server does not say. */
function waitOf(limit: unknown, response: Response): number | undefined {
  const said: unknown = Reflect.get(Object(limit), 'waitSeconds') ?? response.headers.get('retry-after') ?? undefined;
  const seconds = Math.ceil(Number(said));
  return said !== undefined && seconds > 0 ? seconds : undefined;
}

/** The sentence for a temporary refusal: whose limit it is, and when there is room again. */
function waitSentence(code: string, limit: unknown, response: Response): string | undefined {
  const seconds = waitOf(limit, response);
  if (seconds === undefined) return undefined;
  const wait = inWords(seconds);
  if (code === 'messages_used_up') return t`You’ve used all your messages for today. You’ll get more in ${wait}.`;
  if (code === 'tokens_used_up') return t`You’ve used all your tokens for today. You’ll get more in ${wait}.`;
  if (code === 'too_many_requests') return t`Too many attempts. Try again in ${wait}.`;
  if (code === 'unavailable') return t`The server isn’t available right now. Try again in ${wait}.`;
  return code === 'rate_limited' ? rateSentence(limit, wait) : undefined;
}

/** Whose requests were too many. The limit of a network also affects people who have asked only once. */
function rateSentence(limit: unknown, wait: string): string {
  const [scope, rule] = ['scope', 'rule'].map((name) => Reflect.get(Object(limit), name) as unknown);
  if (scope === 'user') return t`Too many requests. Try again in ${wait}.`;
  if (scope !== 'network' && rule === 'register') return t`Too many attempts to create an account on this server. Try again in ${wait}.`;
  if (scope !== 'network') return t`The server is busy right now. Try again in ${wait}.`;
  if (rule === 'register') return t`Too many attempts to create an account from your network. Try again in ${wait}.`;
  if (rule === 'login') return t`Too many attempts to log in from your network. Try again in ${wait}.`;
  return t`Too many requests from your network. Try again in ${wait}.`;
}

/** Refusals that are about one form field, whatever was wrong with it. */
const fields: Record<string, string> = {
  username_taken: 'username',
  invite_required: 'invite',
  invite_invalid: 'invite',
  otp_wrong: 'code',
  factor_unusable: 'code',
  wrong_code: 'code',
  code_required: 'code',
  wrong_password: 'password',
};

/** The rules for some fields; for any other field the server's sentence is used. */
const fieldSentences: Record<string, (about: About) => string> = {
  username: usernameFault,
  password: passwordRule,
  newPassword: passwordRule,
};

export function usernameRule(): string {
  return t`3 to 64 letters, digits or . _ @ - (2 are enough outside A–Z).`;
}

/** Which rule was broken (lib/json/name.c). */
function usernameFault({ rule }: About): string {
  if (rule === 'too_short') return t`Use at least 3 characters, or 2 outside A–Z.`;
  if (rule === 'too_long') return t`Use at most 64 characters.`;
  if (rule === 'signs') return t`Use only letters, digits and . _ @ -, without spaces.`;
  if (rule === 'scripts') return t`Use letters of one alphabet only. Latin letters can’t be mixed with Cyrillic or Greek ones, for example.`;
  return usernameRule();
}

export function passwordRule(): string {
  return t`At least 8 characters.`;
}

/** The requested object does not exist (any more). */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** The requested model is no longer available, so another one must be picked. */
export function isModelGone(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'model_unknown';
}

/** What browsers say when fetching, reading or importing breaks off. */
const network = /fetch|network|load|import|stream|connection/i;

/** The text to show for any caught error: a sentence of this page, or one that the server sent in a stream, and never a browser's. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof UnreachableError || error instanceof LostConnectionError) return error.message;
  if (error instanceof DOMException && error.name === 'QuotaExceededError') return t`There isn’t enough room on this device.`;
  if (error instanceof TypeError && network.test(error.message)) return new UnreachableError().message;
  if (error instanceof Error && error.name === 'Error' && error.message !== '') return error.message;
  return t`Something went wrong. Try again.`;
}

/** The page's sentence for a code of the server, in the reader's language; for an unknown code, the server's own sentence. */
const sentences: Record<string, (about: About) => string> = {
  // about this page's own requests
  bad_credentials: () => t`Wrong username or password.`,
  username_taken: () => t`This username is taken. Choose another one.`,
  wrong_password: () => t`Wrong password.`,
  no_password: () => t`This account is managed by the site and has no password here.`,
  registration_off: () => t`Sign-up is turned off on this server. Ask the administrator for an account.`,
  account_disabled: () => t`This account is disabled. Ask your administrator.`,
  invite_required: () => t`You need an invitation to create an account here.`,
  invite_invalid: () => t`This invitation has been used or has expired.`,
  password_common: () => t`This password is too easy to guess. Choose another one.`,
  otp_required: () => t`Enter the code from your authenticator app.`,
  otp_wrong: () => t`This code is wrong or was already used.`,
  factor_unusable: () => t`Codes can’t be checked right now. Use a recovery code, or ask your administrator.`,
  factor_refused: () => t`Two-factor authentication can’t be set up right now. Ask your administrator.`,
  wrong_code: () => t`This code is wrong or was already used.`,
  code_required: () => t`Enter the code from your authenticator app.`,
  second_factor_required: () => t`This site requires two-factor authentication. Turn it on to continue.`,
  totp_on: () => t`Two-factor authentication is already on.`,
  totp_off: () => t`Two-factor authentication is already off.`,
  reply_running: () => t`Another reply is still running in this chat.`,
  message_too_large: () => t`A message can be at most 12 MB. Send fewer or smaller files.`,
  too_large_to_store: ({ maxBytes }) => {
    if (maxBytes === undefined) return t`This is too large to send.`;
    const size = inBytes(maxBytes);
    return t`This server accepts at most ${size} per message. Send fewer or smaller files.`;
  },
  search_too_broad: () => t`This search takes too long. Use longer words, or more of them.`,
  unknown_reply: () => t`This chat was changed somewhere else. Reload the page and try again.`,
  message_conflict: () => t`This chat was changed somewhere else. Reload the page and try again.`,
  cannot_continue: () => t`This chat was changed somewhere else. Reload the page and try again.`,
  model_unusable: () => t`This model can’t be used right now. Choose another one, or try again later.`,
  assistant_unknown: () => t`This assistant is no longer available.`,
  assistant_fixed: () => t`This chat was changed somewhere else. Reload the page and try again.`,
  model_unknown: () => t`This model is no longer available. Choose another one.`,
  // about any request
  unauthenticated: () => t`Please log in again.`,
  forbidden: () => t`This is turned off on this server.`,
  cross_site: () => t`The server refused this request.`,
  invalid: () => t`The server didn’t understand this request. Reload the page and try again.`,
  method_not_allowed: () => t`The server didn’t understand this request. Reload the page and try again.`,
  not_json: () => t`The server didn’t understand this request. Reload the page and try again.`,
  not_found: () => t`Not found.`,
  conflict: () => t`This chat was changed somewhere else. Reload the page and try again.`,
  too_large: () => t`This is too large to send.`,
  rate_limited: () => t`Too many requests. Wait a moment and try again.`,
  messages_used_up: () => t`You’ve used all your messages for today. You’ll get more tomorrow.`,
  tokens_used_up: () => t`You’ve used all your tokens for today. You’ll get more tomorrow.`,
  storage_full: () => t`Your storage is full. Delete some chats you no longer need.`,
  too_many_sessions: () => t`You’ve reached the limit of chats for an account. Delete some you no longer need.`,
  too_many_at_once: () => t`Too many of your requests are running at once. Wait until one finishes, then try again.`,
  metadata_too_large: () => t`This is too large to send.`,
  too_many_values: () => t`This is too large to send.`,
  too_many_requests: () => t`Too many requests. Wait a moment and try again.`,
  unavailable: () => t`The server isn’t available right now. Try again shortly.`,
  upstream: () => t`The model couldn’t reply. Try again.`,
  internal: () => t`Something went wrong on the server. Try again.`,
};

/** A size, rounded down. */
function inBytes(bytes: number): string {
  const [unit, size] = bytes < 1024 * 1024 ? ['kilobyte', 1024] : ['megabyte', 1024 * 1024];
  return new Intl.NumberFormat(i18n.locale, { style: 'unit', unit }).format(Math.floor(bytes / size));
}

/** For the test: the known codes. */
export const knownCodes = Object.keys(sentences);

function fallbackSentence(status: number): string {
  if (status === 401) return t`Please log in again.`;
  if (status === 404) return t`Not found.`;
  if (status === 413) return t`This is too large to send.`;
  if (status === 429) return t`Too many requests. Wait a moment and try again.`;
  if (status >= 500) return t`The server isn’t available right now. Try again shortly.`;
  return t`The server refused this request.`;
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
