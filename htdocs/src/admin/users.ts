/** The users of the site, page by page. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { readUsers, type SiteUser } from './api';

interface UsersState {
  phase: 'loading' | 'ready' | 'failed';
  problem: unknown;
  search: string;
  users: SiteUser[];
  /** The start of the next page. */
  next: string | null;
}

type UsersStore = StoreApi<UsersState>;

export function createUsers(): UsersStore {
  return createStore(() => ({ phase: 'loading', problem: null, search: '', users: [], next: null }));
}

/** Reads the first page of users whose name contains the text. */
export function searchUsers(store: UsersStore, search: string): Promise<void> {
  store.setState({ search, phase: 'loading' });
  return read(store, null);
}

export function readMoreUsers(store: UsersStore): Promise<void> {
  const { next } = store.getState();
  if (next === null) return Promise.resolve();
  store.setState({ phase: 'loading' });
  return read(store, next);
}

const changes = new WeakMap<UsersStore, number>();

/** Updates a user's line. A page that is being read may be older than this. */
export function showUser(store: UsersStore, user: SiteUser): void {
  changes.set(store, (changes.get(store) ?? 0) + 1);
  store.setState(({ users }) => ({ users: users.map((each) => (each.id === user.id ? user : each)) }));
}

/** The answer to an earlier search is not shown. */
async function read(store: UsersStore, after: string | null): Promise<void> {
  const { search } = store.getState();
  const current = (): boolean => store.getState().search === search;
  try {
    const before = changes.get(store);
    const { users, next } = await readUsers(search, after);
    if (current() && changes.get(store) !== before) return await read(store, after);
    if (current()) store.setState((state) => ({ phase: 'ready', problem: null, users: after === null ? users : [...state.users, ...users], next }));
  } catch (problem) {
    if (current()) store.setState({ phase: 'failed', problem });
  }
}
