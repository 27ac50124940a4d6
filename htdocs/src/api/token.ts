/**
 * The access token: in memory only, so that nothing on the page's disk or in another tab can read it.
 * The refresh token is an HttpOnly cookie that JavaScript never sees.
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
  /** The site asks everybody for a second factor, and this login may only set one up. */
  secondFactorRequired?: boolean;
  /** What the page seals this user's drafts with, the one in use first. */
  storageKeys?: string[];
}

let accessToken: string | null = null;
let staleAt = 0;
let refreshing: Promise<Login> | null = null;

/** A little before the server's own limit, so that a token does not expire on its way. */
const marginSeconds = 20;

export function keepLogin(login: Login): Login {
  accessToken = login.accessToken;
  staleAt = Date.now() + (login.expiresIn - marginSeconds) * 1000;
  return login;
}

let onRefreshed: (login: Login) => void = () => {};

/** Called with each new token that the login has got. */
export function whenRefreshed(listener: (login: Login) => void): void {
  onRefreshed = listener;
}

export function forgetLogin(): void {
  accessToken = null;
}

/** A token that is good now. Throws ApiError 401 when the login is over. */
export async function freshToken(): Promise<string> {
  if (accessToken !== null && Date.now() < staleAt) return accessToken;
  return (await refreshLogin()).accessToken;
}

/** The token was refused by the server: get another one, unless somebody has done so already. */
export async function replaceToken(refused: string): Promise<string> {
  if (accessToken === refused) accessToken = null;
  return freshToken();
}

/** One refresh at a time: everybody who needs a token waits for the same answer. */
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

/** The answer to the request that public/first.js sent before this code was there; it is good for one. */
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
