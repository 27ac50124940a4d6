import { useEffect, useState } from 'react';
import { readSite, type Site } from '../api/site';

/** null: not known yet. A server that does not say lets everybody try to register. */
const unknown: Site = { siteName: '', registration: 'on' };

export function useSite(): Site | null {
  const [site, setSite] = useState<Site | null>(null);
  useEffect(() => {
    let wanted = true;
    readSite()
      .catch(() => unknown)
      .then((known) => wanted && setSite(known));
    return () => {
      wanted = false;
    };
  }, []);
  return site;
}

/** The code in an invitation link: the page's address with "#invite=CODE". */
export function invitationIn(hash: string): string | null {
  const code = new URLSearchParams(hash.replace(/^#/, '')).get('invite')?.trim();
  return code === undefined || code === '' ? null : code;
}
