import { apiUrl } from '../base';
import { reach } from './http';
import { problemOf } from './problem';
import { forgetLogin, keepLogin, type Login } from './token';

export interface Credentials {
  username: string;
  password: string;
  /** From the authenticator app, or a recovery code. */
  code?: string;
}

export interface Registration extends Credentials {
  /** The code of an invitation. */
  invite?: string;
}

/** ApiError "otp_required": repeat the request with a code. */
export function logIn(credentials: Credentials): Promise<Login> {
  return enter('auth/login', credentials);
}

export function register(registration: Registration): Promise<Login> {
  return enter('auth/register', registration);
}

/** Ends the login on the server. The page forgets it even if the server cannot be reached, in which case this throws. */
export async function logOut(): Promise<void> {
  try {
    const response = await reach(apiUrl('auth/logout'), { method: 'POST' });
    if (!response.ok) throw await problemOf(response);
  } finally {
    forgetLogin();
  }
}

async function enter(path: string, body: Registration): Promise<Login> {
  const response = await reach(apiUrl(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problemOf(response);
  return keepLogin((await response.json()) as Login);
}
