import { t } from '@lingui/core/macro';
import type { FormEvent } from 'react';
import { toast } from 'sonner';
import { changePassword } from '../api/account';
import { passwordRule } from '../api/problem';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { TextField } from '../controls/TextField';
import { useSubmit } from '../hooks/useSubmit';
import { CodeField, codeIfAsked } from './CodeField';

export function PasswordForm({ onChanged }: { onChanged: () => void }) {
  const { busy, asksCode, problem, at, run } = useSubmit('password', 'newPassword', 'code');

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const done = await run(() => changePassword(String(data.get('password')), String(data.get('newPassword')), codeIfAsked(form)));
    if (!done) return;
    form.reset();
    onChanged();
    toast.success(t`Password changed. You’re logged out on all other devices.`);
  }

  return (
    <form onSubmit={(event) => void submit(event)} className="grid max-w-sm gap-4">
      <TextField label={t`Current password`} name="password" type="password" autoComplete="current-password" maxLength={1024} required
        problem={at('password')} />
      <TextField label={t`New password`} name="newPassword" type="password" autoComplete="new-password" minLength={8} maxLength={1024} required
        hint={passwordRule()} problem={at('newPassword')} />
      {asksCode && <CodeField problem={at('code')} autoFocus />}
      {problem !== null && <Notice sentence={problem} />}
      <Button type="submit" disabled={busy} className="justify-self-start">{t`Change password`}</Button>
    </form>
  );
}
