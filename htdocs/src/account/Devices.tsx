import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { Monitor } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { endLogin, readLogins, type DeviceLogin } from '../api/account';
import { isGone } from '../api/problem';
import { Notice } from '../controls/Notice';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { useSubmit } from '../hooks/useSubmit';
import { CodedButton } from './CodedButton';

/** The logins of the account; all but the present one can be ended here. */
export function Devices() {
  const [logins, setLogins] = useState<DeviceLogin[] | null>(null);
  const { problem, run } = useSubmit();
  const read = (): void => void run(async () => setLogins(await readLogins()));
  useEffect(read, []); // eslint-disable-line react-hooks/exhaustive-deps

  async function end(login: DeviceLogin, code?: string): Promise<void> {
    await endLogin(login.id, code).catch((error: unknown) => {
      if (!isGone(error)) throw error; // it was already over
    });
    setLogins(await readLogins());
    toast.success(t`That device is logged out.`);
  }

  return (
    <>
      {problem !== null && <Notice sentence={problem} onRetry={read} />}
      {logins === null ? (
        problem === null && <div className="h-20" />
      ) : (
        <DeviceList logins={logins} onEnd={end} />
      )}
    </>
  );
}

function DeviceList({ logins, onEnd }: { logins: DeviceLogin[]; onEnd: (login: DeviceLogin, code?: string) => Promise<void> }) {
  const list = useRef<HTMLUListElement>(null);
  useKeptFocus(list);
  return (
    <ul ref={list} aria-label={t`Devices`} className="divide-y divide-line">
      {logins.map((login) => (
        <li key={login.id} data-key={login.id} data-instead={login.current || undefined} tabIndex={login.current ? -1 : undefined} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
          <Monitor className="size-5 shrink-0 text-soft" aria-hidden="true" />
          <div className="min-w-0 flex-1 basis-48">
            <p className="text-sm font-medium wrap-anywhere">
              {nameOf(login)}
              {login.current && <span className="ml-2 rounded-full bg-glow px-2 py-0.5 text-xs font-normal">{t`This device`}</span>}
            </p>
            <p className="text-xs text-soft">{timesOf(login)}</p>
          </div>
          {!login.current && (
            <CodedButton action={t`Log out`} label={t`Log out ${nameOf(login)}`} work={(code) => onEnd(login, code)} />
          )}
        </li>
      ))}
    </ul>
  );
}

function nameOf({ browser, system }: DeviceLogin): string {
  if (browser !== null && system !== null) return t`${browser} on ${system}`;
  return browser ?? system ?? t`Unknown device`;
}

function timesOf({ createTime, lastTime }: DeviceLogin): string {
  const format = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  const created = format.format(new Date(createTime));
  const last = format.format(new Date(lastTime));
  return t`Logged in ${created} · last used ${last}`;
}
