import { t } from '@lingui/core/macro';
import { passwordRule, usernameRule } from '../api/problem';
import { FormSheet } from '../controls/FormSheet';
import { TextField } from '../controls/TextField';
import { addUser } from './api';
import { useSave } from './useSave';

export function UserForm({ onAdded, onClose }: { onAdded: () => void; onClose: () => void }) {
  const { busy, problem, at, run } = useSave(['username', 'password']);
  async function submit(data: FormData): Promise<void> {
    if (await run(() => addUser(String(data.get('username')).trim(), String(data.get('password'))))) onAdded();
  }
  return (
    <FormSheet name="user" title={t`Add user`} action={t`Add`} busy={busy} problem={problem} onSubmit={(data) => void submit(data)} onClose={onClose}>
      <TextField label={t`Username`} name="username" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={64} required autoFocus hint={usernameRule()} problem={at('username')} />
      <TextField label={t`Password`} name="password" type="password" autoComplete="new-password" minLength={8} maxLength={1024} required hint={passwordRule()} problem={at('password')} />
      <p className="text-xs text-soft">{t`Pass the password on safely. It can be changed after logging in.`}</p>
    </FormSheet>
  );
}
