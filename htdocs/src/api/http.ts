import { apiUrl } from '../base';
import { ApiError, problemOf, UnreachableError } from './problem';
import { freshToken, isLoginOver, replaceToken } from './token';

let onLoginOver: () => void = () => {};

let onSecondFactorMissing: () => void = () => {};

/** Called when this login may only set up a second factor. */
export function whenSecondFactorIsMissing(listener: () => void): void {
  onSecondFactorMissing = listener;
}

/** Called when the server no longer accepts this login and it cannot be refreshed. */
export function whenLoginIsOver(listener: () => void): void {
  onLoginOver = listener;
}

/**
 * fetch with the user's login: an expired token is refreshed, and a refused one is replaced once. Resolves only with a successful answer; anything
 * else is an ApiError or UnreachableError.
 */
export async function authorizedFetch(input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> {
  try {
    const token = await freshToken();
    let response = await send(input, init, token);
    if (response.status === 401) response = await send(input, init, await replaceToken(token));
    if (!response.ok) throw await problemOf(response);
    return response;
  } catch (error) {
    if (isLoginOver(error)) onLoginOver();
    if (error instanceof ApiError && error.code === 'second_factor_required') onSecondFactorMissing();
    throw error;
  }
}

async function send(input: RequestInfo | URL, init: RequestInit, token: string): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return reach(input, { ...init, headers });
}

/** fetch that fails only with "aborted by us" or "unreachable". */
export async function reach(input: RequestInfo | URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new UnreachableError();
  }
}

/** Calls the API with a JSON body, if any. */
export function call(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Response> {
  if (body === undefined) return authorizedFetch(apiUrl(path), { ...init, method });
  return authorizedFetch(apiUrl(path), {
    ...init,
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export interface Page<T> {
  items: T[];
  /** The query of the next page, as the server gave it; null at the end. */
  more: string | null;
}

/** Reads one page of a list. `path` may have a query; `rel` names the Link to follow. */
export async function readPage<T>(path: string, rel: 'next' | 'prev'): Promise<Page<T>> {
  const response = await call('GET', path);
  const items = (await response.json()) as T[];
  return { items, more: linkedQuery(response.headers.get('link'), rel) };
}

/** The query string ("?cursor=...") of the link with this relation. */
export function linkedQuery(header: string | null, rel: string): string | null {
  for (const link of header?.split(/,\s*(?=<)/) ?? []) {
    const [, target, relation] = /^<([^>]*)>.*;\s*rel="?([^";]+)"?/.exec(link) ?? [];
    if (target !== undefined && relation === rel) return new URL(target, location.href).search;
  }
  return null;
}
