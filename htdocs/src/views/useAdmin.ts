import { useEffect } from 'react';
import { lookAtRole, useRole } from '../stores/role';

/** How often the server is asked, in milliseconds, while the page is visible. */
const lookEvery = 15_000;

/** Whether the user is an administrator, while one of their pages is open: the role may be withdrawn meanwhile. Null if not known yet. */
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
