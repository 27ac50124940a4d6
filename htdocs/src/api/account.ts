import { call } from './http';
import { forgetLogin, keepLogin, type Login } from './token';

export interface DayOfUse {
  /** YYYY-MM-DD, UTC. */
  date: string;
  messages: number;
  inputTokens: number;
  outputTokens: number;
}

/** Days without use are left out. */
export async function readUsage(days: number): Promise<DayOfUse[]> {
  return (await (await call('GET', `me/usage?days=${days}`)).json()) as DayOfUse[];
}

/** Ends all logins; the answer is a new one for this browser. */
export async function changePassword(password: string, newPassword: string): Promise<void> {
  keepLogin((await (await call('POST', 'me/password', { password, newPassword })).json()) as Login);
}

/** Ends all logins, this one too. */
export async function logOutEverywhere(): Promise<void> {
  await call('POST', 'me/logout-all');
  forgetLogin();
}

export async function deleteAccount(password: string): Promise<void> {
  await call('DELETE', 'me', { password });
  forgetLogin();
}
