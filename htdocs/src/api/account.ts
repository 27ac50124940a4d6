import { call } from './http';
import { forgetLogin } from './token';

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

/** Ends all other logins; this one stays. */
export async function changePassword(password: string, newPassword: string): Promise<void> {
  await call('POST', 'me/password', { password, newPassword });
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
