/** Interprets the server's answers for a conversation. */
import { ApiError, LostConnectionError, UnreachableError } from '../api/problem';

/** The id in a "data-session" part; other data parts have none. */
export function sessionIdIn(part: { type: string; data: unknown }): string | null {
  if (part.type !== 'data-session' || typeof part.data !== 'object' || part.data === null) return null;
  return 'sessionId' in part.data && typeof part.data.sessionId === 'string' ? part.data.sessionId : null;
}

export function storedIdIn({ type, data }: { type: string; data: unknown }): string | null {
  const ids: unknown = type === 'data-session' ? Reflect.get(Object(data), 'userMessageIds') : null;
  const last: unknown = Array.isArray(ids) ? ids.at(-1) : null;
  return typeof last === 'string' ? last : null;
}

export function isRefusal(error: Error | undefined): error is ApiError {
  return error instanceof ApiError && (error.status === 401 || error.status === 409);
}

export function isThrottled(error: Error | undefined): boolean {
  return error instanceof ApiError && error.status === 429;
}

/** The address names no chat of this user. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 400);
}

/** Another attempt makes sense: the network or the server is away, or was lost again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 || isThrottled(error);
  return error instanceof LostConnectionError || error instanceof UnreachableError;
}

