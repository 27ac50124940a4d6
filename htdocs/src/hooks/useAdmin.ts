import { useEffect } from 'react';
import { lookAtRole, useRole } from '../stores/role';

/** How often the server is asked, in milliseconds, while the page is looked at. */
const lookEvery = 15_000;

/** Whether the user is an administrator, while a page of theirs is open: the role may be taken away meanwhile. Null: not known yet. */
export function useAdmin(): boolean | null {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === 'visible') void lookAtRole();
    };
    look();
    document.addEventListener('visibilitychange', look);
    window.addEventListener('focus', look);
    const timer = setInterval(look, lookEvery);
    return () => {
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('focus', look);
      clearInterval(timer);
    };
  }, []);
  return useRole((state) => state.admin);
}
