import { call } from './http';
import { forgetLogin, keepLogin, type Login } from './token';

export interface DayOfUse {
  /** YYYY-MM-DD, UTC. */
  date: string;
  messages: number;
  inputTokens: number;
  outputTokens: number;
}

interface Me {
  /** When the account was opened. */
  createTime: string;
  role?: 'user' | 'admin';
}

export async function readMe(): Promise<Me> {
  return (await (await call('GET', 'me')).json()) as Me;
}

/** Days without use are left out. */
export async function readUsage(days: number): Promise<DayOfUse[]> {
  return (await (await call('GET', `me/usage?days=${days}`)).json()) as DayOfUse[];
}

// ApiError "code_required": a user with a second factor must send its code, too.

/** Ends all logins; the answer is a new login for this browser. */
export async function changePassword(password: string, newPassword: string, code?: string): Promise<void> {
  keepLogin((await (await call('POST', 'me/password', { password, newPassword, code })).json()) as Login);
}

export interface DeviceLogin {
  id: string;
  createTime: string;
  /** When its token was last renewed: within minutes of its last use. */
  lastTime: string;
  /** null if unknown. */
  browser: string | null;
  system: string | null;
  /** The login that makes this request. */
  current: boolean;
}

/** Newest first. */
export async function readLogins(): Promise<DeviceLogin[]> {
  return (await (await call('GET', 'me/logins')).json()) as DeviceLogin[];
}

export async function endLogin(id: string, code?: string): Promise<void> {
  await call('DELETE', `me/logins/${id}`, { code });
}

/** A limit for a user: so many requests per period, or at once if the period is 0. */
export interface Rule {
  rule: string;
  max: number;
  periodSeconds: number;
}

export interface Budget {
  rule: string;
  max: number;
  used: number;
  left: number;
  /** When the whole limit is available again; absent for budgets of stored data. */
  refillTime?: string;
}

export interface Limits {
  rules: Rule[];
  budgets: Budget[];
}

export async function readLimits(): Promise<Limits> {
  return (await (await call('GET', 'me/limits')).json()) as Limits;
}

/** Ends all logins, including this one. */
export async function logOutEverywhere(code?: string): Promise<void> {
  await call('POST', 'me/logout-all', { code });
  forgetLogin();
}

export async function deleteAccount(password: string, code?: string): Promise<void> {
  await call('DELETE', 'me', { password, code });
  forgetLogin();
}
