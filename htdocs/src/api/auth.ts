import { apiUrl } from '../base';
import { reach } from './http';
import { problemOf } from './problem';
import { forgetLogin, keepLogin, type Login, type User } from './token';

export interface Credentials {
  username: string;
  password: string;
}

export async function logIn(credentials: Credentials): Promise<User> {
  return (await enter('auth/login', credentials)).user;
}

export async function register(credentials: Credentials): Promise<User> {
  return (await enter('auth/register', credentials)).user;
}

/** Ends the login on the server. The page forgets it even if the server cannot be told. */
export async function logOut(): Promise<void> {
  try {
    await reach(apiUrl('auth/logout'), { method: 'POST' });
  } finally {
    forgetLogin();
  }
}

async function enter(path: string, credentials: Credentials): Promise<Login> {
  const response = await reach(apiUrl(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(credentials),
  });
  if (!response.ok) throw await problemOf(response);
  return keepLogin((await response.json()) as Login);
}
