import { t } from '@lingui/core/macro';
import { passwordRule } from '../api/problem';
import { FormSheet } from '../controls/FormSheet';
import { TextField } from '../controls/TextField';
import { isolated } from '../text/isolated';
import { setPassword, type SiteUser } from './api';
import { userGone } from './sentences';
import { useSave } from './useSave';

/** Sets a new password for a user who has lost theirs. */
export function PasswordSheet({ user, onSet, onClose }: { user: SiteUser; onSet: () => void; onClose: () => void }) {
  const { busy, problem, at, run } = useSave(['password'], userGone);
  async function submit(data: FormData): Promise<void> {
    if (await run(() => setPassword(user, String(data.get('password'))))) onSet();
  }
  return (
    <FormSheet name="password" title={t`New password for ${isolated(user.username)}`} action={t`Set password`} busy={busy} problem={problem} onSubmit={(data) => void submit(data)} onClose={onClose}>
      <TextField label={t`Password`} name="password" type="password" autoComplete="new-password" minLength={8} maxLength={1024} required autoFocus hint={passwordRule()} problem={at('password')} />
      <p className="text-xs text-soft">{t`All logins of this account end. Pass the password on safely; it can be changed after logging in.`}</p>
    </FormSheet>
  );
}
