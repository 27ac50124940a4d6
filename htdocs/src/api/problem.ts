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
    super('The server cannot be reached. Check your connection and try again.');
  }
}

/** The reply's stream ended before the server said that it was finished. */
export class LostConnectionError extends Error {
  override readonly name = 'LostConnectionError';

  constructor() {
    super('The connection was lost while the reply was coming in.');
  }
}

/** Turns an unsuccessful answer into an error whose message is one plain sentence. */
export async function problemOf(response: Response): Promise<ApiError> {
  const problem: unknown = await response.json().catch(() => null);
  const text = (member: string): string | undefined => {
    const value = typeof problem === 'object' && problem !== null ? Reflect.get(problem, member) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const sentence = text('detail') ?? text('title') ?? fallbackSentence(response.status);
  return new ApiError(response.status, text('code') ?? '', asSentence(sentence));
}

/** What to show for any error that was caught. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && error.message !== '') return error.message;
  return 'Something went wrong. Please try again.';
}

function fallbackSentence(status: number): string {
  if (status === 401) return 'Please log in again.';
  if (status === 404) return 'This was not found.';
  if (status === 413) return 'This is too large to send.';
  if (status === 429) return 'Too many requests. Please wait a moment and try again.';
  if (status >= 500) return 'The server is not available at the moment. Please try again shortly.';
  return 'The server refused this request.';
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
