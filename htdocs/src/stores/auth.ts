import { t } from '@lingui/core/macro';
import { create } from 'zustand';
import * as account from '../api/account';
import * as api from '../api/auth';
import { whenLoginIsOver, whenSecondFactorIsMissing } from '../api/http';
import { sentenceOf, UnreachableError } from '../api/problem';
import { forgetLogin, isLoginOver, refreshLogin, whenRefreshed, type Login, type User } from '../api/token';
import { forgetIdentity, keepIdentity, readIdentity } from '../kept/identity';
import { finishDeletions } from './deletion';
import { finishLeaving, isLeaving, rememberLeaving, tellLeaving } from './leaving';

interface AuthStore {
  /** 'enrolling': logged in, but only to set up the second factor that the site requires. */
  phase: 'starting' | 'out' | 'enrolling' | 'in' | 'unreachable';
  /** The user whose sessions the page holds; kept after the login is over, so that the same user finds everything in place. */
  user: User | null;
  /** Why the page cannot start, or why it asks for a login. */
  notice: string | null;
  /** The notice is good news: what the user wanted is done. */
  done: boolean;
  /** The keys that seal this user's drafts (kept/seal.ts); none while nobody is logged in. */
  keys: readonly string[];
  /** Logged in, but the server could not be asked yet: the page was opened without a network. */
  offline: boolean;
}

export const useAuth = create<AuthStore>()(() => ({ phase: 'starting', user: null, notice: null, done: false, keys: [], offline: false }));

const key = 'lamplight.login';

/** Whether this browser has logged in and not out since. Scripts cannot see the cookie that would decide it. */
export function mayBeLoggedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return true; // storage is blocked, so only the server can tell
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

/** A network that does not respond for this long counts as none, in milliseconds. */
const patience = 8000;

/** Like refreshLogin; but for a user known here, the page does not wait forever. A later answer is then used when it arrives (whenRefreshed). */
function refreshInTime(): Promise<Login> {
  return new Promise((resolve, reject) => {
    const giveUp = async (): Promise<void> => {
      if ((await readIdentity()) !== null) reject(new UnreachableError());
    };
    const timer = setTimeout(() => void giveUp(), patience);
    void refreshLogin()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Resumes the login of an earlier visit, if the cookie still has one. */
export async function start(): Promise<void> {
  if (isLeaving()) remember(false);
  if (!mayBeLoggedIn() || isLeaving()) {
    void finishLeaving();
    stayOut();
    return;
  }
  useAuth.setState({ phase: 'starting', notice: null });
  try {
    enter(await refreshInTime());
  } catch (error) {
    const known = error instanceof UnreachableError ? await readIdentity() : null;
    if (isLoginOver(error)) {
      forgetIdentity();
      stayOut();
    } else if (known !== null) useAuth.setState({ phase: 'in', user: known.user, notice: null, keys: known.keys, offline: true });
    else useAuth.setState({ phase: 'unreachable', notice: sentenceOf(error) });
  }
}

/** Nobody is logged in: whatever a tab that was closed early left behind belongs to nobody. */
function stayOut(): void {
  useAuth.setState({ phase: 'out' });
  void import('../kept/exported').then(({ forgetExported }) => forgetExported({ all: true })).catch(() => {});
}

export async function logIn(credentials: api.Credentials): Promise<void> {
  await finishLeaving();
  enter(await api.logIn(credentials));
}

export async function register(registration: api.Registration): Promise<void> {
  await finishLeaving();
  enter(await api.register(registration));
}

export async function logOut(): Promise<void> {
  await finishDeletions();
  try {
    await tellLeaving();
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

/** The login has ended as requested. */
export function leave(notice: string | null): void {
  remember(false);
  forgetIdentity();
  useAuth.setState({ phase: 'out', user: null, notice, done: true, keys: [], offline: false });
}

function enter({ user, secondFactorRequired, storageKeys = [] }: Login): void {
  rememberLeaving(false);
  remember(true);
  if (secondFactorRequired !== true) keepIdentity({ user, keys: storageKeys });
  useAuth.setState({ phase: secondFactorRequired === true ? 'enrolling' : 'in', user, notice: null, keys: storageKeys, offline: false });
}

/** How often a page that was opened without a network, or without a responding server, checks for one, in milliseconds. */
const lookEvery = 15_000;

async function comeBack(): Promise<void> {
  const { offline, phase } = useAuth.getState();
  if (phase === 'unreachable') await restart();
  else if (offline) await refreshLogin().catch((error: unknown) => isLoginOver(error) && over());
}

/** The page shows why it cannot start, until it can. */
async function restart(): Promise<void> {
  try {
    const login = await refreshLogin();
    if (useAuth.getState().phase === 'unreachable') enter(login); // otherwise the user has pressed the button, or logged out in another tab
  } catch (error) {
    if (useAuth.getState().phase !== 'unreachable') return;
    if (isLoginOver(error)) {
      forgetIdentity();
      stayOut();
    } else useAuth.setState({ notice: sentenceOf(error) });
  }
}

window.addEventListener('online', () => void comeBack());
window.addEventListener('online', () => void (useAuth.getState().phase === 'out' && finishLeaving()));
setInterval(() => void comeBack(), lookEvery);
whenRefreshed((login) => {
  if (useAuth.getState().offline) enter(login);
});

whenSecondFactorIsMissing(() => {
  if (useAuth.getState().phase === 'in') useAuth.setState({ phase: 'enrolling' });
});

function over(): void {
  if (useAuth.getState().phase !== 'in') return;
  remember(false);
  forgetIdentity();
  useAuth.setState({ phase: 'out', notice: t`You’ve been logged out. Please log in again.`, done: false, keys: [], offline: false });
}

whenLoginIsOver(over);

/** A log-out in one tab applies to all of them: nothing stays on screen, not even briefly. A log-in applies to all tabs that were waiting. */
window.addEventListener('storage', (event) => {
  const { phase } = useAuth.getState();
  if (event.storageArea !== localStorage) return;
  if (phase === 'out') {
    if (event.key === key && event.newValue !== null) void start();
  } else if (!mayBeLoggedIn()) {
    forgetLogin();
    leave(null);
  }
});
