import { useEffect, useState } from 'react';
import { readSite } from '../api/site';

let known: Promise<number> | undefined;

/** How long temporary chats are kept on this site; 0 if there are none, or if it is not known yet. Requested once. */
export function useTemporaryHours(): number {
  const [hours, setHours] = useState(0);
  useEffect(() => {
    let wanted = true;
    known ??= readSite().then(
      (site) => site.temporaryHours ?? 0,
      () => {
        known = undefined; // the next caller tries again
        return 0;
      },
    );
    void known.then((n) => wanted && setHours(n));
    return () => {
      wanted = false;
    };
  }, []);
  return hours;
}
