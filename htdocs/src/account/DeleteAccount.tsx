import { t } from '@lingui/core/macro';
import { useState, type FormEvent } from 'react';
import type { User } from '../api/token';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { TextField } from '../controls/TextField';
import { useSubmit } from '../hooks/useSubmit';
import { deleteAccount } from '../stores/account';
import { CodeField, codeIfAsked } from './CodeField';

/** This cannot be undone, so the username has to be typed. */
export function DeleteAccount({ user }: { user: User }) {
  const { busy, asksCode, problem, at, run } = useSubmit('password', 'code');
  const [typed, setTyped] = useState('');
  const { username } = user;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = event.currentTarget;
    const password = String(new FormData(form).get('password'));
    void run(() => deleteAccount(password, codeIfAsked(form)));
  }

  return (
    <form onSubmit={submit} className="grid max-w-sm gap-4">
      <p className="text-sm text-soft">{t`Your chats, their messages and this account will be deleted for good.`}</p>
      <TextField label={t`Type “${username}” to confirm`} autoComplete="off" autoCapitalize="none" spellCheck={false} required
        value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      <TextField label={t`Password`} name="password" type="password" autoComplete="current-password" maxLength={1024} required problem={at('password')} />
      {asksCode && <CodeField problem={at('code')} autoFocus />}
      {problem !== null && <Notice sentence={problem} />}
      <Button type="submit" look="danger" disabled={busy || typed.trim() !== username} className="justify-self-start">
        {t`Delete account permanently`}
      </Button>
    </form>
  );
}
