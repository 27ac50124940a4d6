import { t } from '@lingui/core/macro';

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
  const sentence = sentenceOfCode(code) ?? text('detail') ?? text('title') ?? fallbackSentence(response.status);
  return new ApiError(response.status, code, asSentence(sentence));
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

/** What the page itself can say, in its reader's language; other sentences are the server's. */
function sentenceOfCode(code: string): string | undefined {
  switch (code) {
    case 'bad_credentials': return t`The username or the password is wrong.`;
    case 'username_taken': return t`This username is taken.`;
    case 'wrong_password': return t`This is not the password of this account.`;
    case 'no_password': return t`This account belongs to the site and has no password here.`;
    case 'reply_running': return t`Another reply is running in this session.`;
    default: return undefined;
  }
}

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
