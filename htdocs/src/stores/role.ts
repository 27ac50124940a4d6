/** Whether the user is an administrator, according to the server, which also checks it with each request. */
import { create } from 'zustand';
import { readMe } from '../api/account';
import { useAuth } from './auth';

/** `admin` is null if it is not known yet. */
export const useRole = create<{ admin: boolean | null }>()(() => ({ admin: null }));

useAuth.subscribe(({ user }, before) => {
  if (user?.id !== before.user?.id) useRole.setState({ admin: null });
});

export async function lookAtRole(): Promise<void> {
  const { user } = useAuth.getState();
  const me = await readMe().catch(() => null);
  if (me !== null && useAuth.getState().user?.id === user?.id) useRole.setState({ admin: me.role === 'admin' });
}
