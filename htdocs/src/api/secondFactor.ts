import { call } from './http';

export interface Factors {
  /** Logging in needs a code. */
  totp: boolean;
  /** How many are unused. */
  recoveryCodes: number;
}

export interface Enrolment {
  /** In base32, for typing it in. */
  secret: string;
  /** The same for a QR code: otpauth://... */
  uri: string;
}

export async function readFactors(): Promise<Factors> {
  return (await (await call('GET', 'me/factors')).json()) as Factors;
}

/** A new secret, which counts once it is confirmed. */
export async function enrol(password: string): Promise<Enrolment> {
  return (await (await call('POST', 'me/totp', { password })).json()) as Enrolment;
}

/** Turns it on. Resolves to the recovery codes, which are shown only this once. */
export async function confirm(code: string): Promise<string[]> {
  return recoveryCodesIn(await call('POST', 'me/totp/confirm', { code }));
}

export async function turnOff(password: string, code: string): Promise<void> {
  await call('DELETE', 'me/totp', { password, code });
}

/** Earlier codes are no longer valid. */
export async function renewRecoveryCodes(password: string, code: string): Promise<string[]> {
  return recoveryCodesIn(await call('POST', 'me/recovery-codes', { password, code }));
}

async function recoveryCodesIn(response: Response): Promise<string[]> {
  return ((await response.json()) as { recoveryCodes: string[] }).recoveryCodes;
}
