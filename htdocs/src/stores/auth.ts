import { t } from '@lingui/core/macro';
import { create } from 'zustand';
import * as account from '../api/account';
import * as api from '../api/auth';
import { whenLoginIsOver, whenSecondFactorIsMissing } from '../api/http';
import { sentenceOf } from '../api/problem';
import { forgetLogin, isLoginOver, refreshLogin, type Login, type User } from '../api/token';
import { finishDeletions } from './deletion';
import { forgetDrafts } from './drafts';

export interface AuthStore {
  /** 'enrolling': logged in, for nothing but to set up the second factor that the site asks for. */
  phase: 'starting' | 'out' | 'enrolling' | 'in' | 'unreachable';
  /** Whose sessions the page holds; kept after the login is over, so that the same user finds everything in place. */
  user: User | null;
  /** Why the page cannot start, or why it asks for a login. */
  notice: string | null;
}

export const useAuth = create<AuthStore>()(() => ({ phase: 'starting', user: null, notice: null }));

const key = 'lamplight.login';

/** Whether this browser has logged in and not out since. The cookie that knows for sure is not for scripts to see. */
export function mayBeLoggedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true; // storage is blocked: only asking tells
  }
}

function remember(loggedIn: boolean): void {
  try {
    if (loggedIn) localStorage.setItem(key, 'yes');
    else localStorage.removeItem(key);
  } catch {
    // As above.
  }
}

/** Takes up the login of an earlier visit, if the cookie still holds one. */
export async function start(): Promise<void> {
  if (!mayBeLoggedIn()) {
    useAuth.setState({ phase: 'out' });
    return;
  }
  useAuth.setState({ phase: 'starting', notice: null });
  try {
    enter(await refreshLogin());
  } catch (error) {
    if (isLoginOver(error)) useAuth.setState({ phase: 'out' });
    else useAuth.setState({ phase: 'unreachable', notice: sentenceOf(error) });
  }
}

export async function logIn(credentials: api.Credentials): Promise<void> {
  enter(await api.logIn(credentials));
}

export async function register(registration: api.Registration): Promise<void> {
  enter(await api.register(registration));
}

export async function logOut(): Promise<void> {
  await finishDeletions();
  try {
    await api.logOut();
  } finally {
    leave(null);
  }
}

/** Ends all logins of the account. */
export async function logOutEverywhere(code?: string): Promise<void> {
  await finishDeletions();
  await account.logOutEverywhere(code);
  leave(t`You’re now logged out on all devices.`);
}

export async function deleteAccount(password: string, code?: string): Promise<void> {
  const { user } = useAuth.getState();
  await account.deleteAccount(password, code);
  if (user !== null) forgetDrafts(user.id);
  leave(t`Your account was deleted.`);
}

function leave(notice: string | null): void {
  remember(false);
  useAuth.setState({ phase: 'out', user: null, notice });
}

function enter({ user, secondFactorRequired }: Login): void {
  remember(true);
  useAuth.setState({ phase: secondFactorRequired === true ? 'enrolling' : 'in', user, notice: null });
}

whenSecondFactorIsMissing(() => {
  if (useAuth.getState().phase === 'in') useAuth.setState({ phase: 'enrolling' });
});

/** Another tab has logged out: nothing of it stays on screen here, not for a moment. */
window.addEventListener('storage', (event) => {
  const { phase } = useAuth.getState();
  if (event.storageArea !== localStorage || mayBeLoggedIn() || phase === 'out') return;
  forgetLogin();
  leave(null);
});

whenLoginIsOver(() => {
  if (useAuth.getState().phase === 'in') {
    useAuth.setState({ phase: 'out', notice: t`You’ve been logged out. Please log in again.` });
  }
});
