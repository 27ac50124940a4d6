/**
 * The access token, kept in memory only, so that nothing on disk or in another tab can read it. The refresh token is an HttpOnly cookie, which
 * JavaScript never sees.
 */
import { apiUrl } from '../base';
import { ApiError, problemOf, UnreachableError } from './problem';

export interface User {
  id: string;
  username: string;
}

export interface Login {
  accessToken: string;
  expiresIn: number;
  user: User;
  /** The site requires a second factor, and this login may only set one up. */
  secondFactorRequired?: boolean;
  /** The keys with which the page seals this user's drafts, the current one first. */
  storageKeys?: string[];
}

let accessToken: string | null = null;
let staleAt = 0;
let refreshing: Promise<Login> | null = null;

/** A little less than the server's own limit, so that a token does not expire in transit. */
const marginSeconds = 20;

export function keepLogin(login: Login): Login {
  accessToken = login.accessToken;
  staleAt = Date.now() + (login.expiresIn - marginSeconds) * 1000;
  return login;
}

let onRefreshed: (login: Login) => void = () => {};

/** Called with each new token of the login. */
export function whenRefreshed(listener: (login: Login) => void): void {
  onRefreshed = listener;
}

export function forgetLogin(): void {
  accessToken = null;
}

/** A valid token. Throws ApiError 401 if the login is over. */
export async function freshToken(): Promise<string> {
  if (accessToken !== null && Date.now() < staleAt) return accessToken;
  return (await refreshLogin()).accessToken;
}

/** The server has refused the token: gets another one, unless another caller has already done so. */
export async function replaceToken(refused: string): Promise<string> {
  if (accessToken === refused) accessToken = null;
  return freshToken();
}

/** Only one refresh at a time: all callers wait for the same answer. */
export function refreshLogin(): Promise<Login> {
  refreshing ??= oneTabAtATime(requestRefresh).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function requestRefresh(): Promise<Login> {
  let response: Response;
  try {
    response = await (askedAhead() ?? fetch(apiUrl('auth/refresh'), { method: 'POST' }));
  } catch {
    throw new UnreachableError();
  }
  if (response.ok) {
    const login = keepLogin((await response.json()) as Login);
    onRefreshed(login);
    return login;
  }
  const problem = await problemOf(response);
  if (problem.status === 401) forgetLogin();
  throw problem;
}

declare global {
  interface Window {
    lamplightRefresh?: Promise<Response> | undefined;
  }
}

/** The answer to the request that public/first.js sent before this code was loaded; it can be used once. */
function askedAhead(): Promise<Response> | undefined {
  const answer = window.lamplightRefresh;
  window.lamplightRefresh = undefined;
  return answer;
}

/** The refresh token changes with every use, and tabs share it. Without a secure context there are no locks. */
function oneTabAtATime<T>(task: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return task();
  return navigator.locks.request('lamplight.refresh', task) as Promise<T>;
}

export function isLoginOver(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
