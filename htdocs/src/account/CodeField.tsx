import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { TextField } from '../controls/TextField';

/** Asks for the code of an authenticator app (`name="code"`), or for a recovery code. */
export function CodeField({ problem, autoFocus = false }: { problem: string | null; autoFocus?: boolean }) {
  const [recovery, setRecovery] = useState(false);
  return (
    <div className="grid gap-2">
      {recovery ? (
        <TextField key="recovery" label={t`Recovery code`} name="code" autoComplete="off" autoCapitalize="characters" spellCheck={false}
          maxLength={64} required autoFocus problem={problem} hint={t`One of the codes you saved. Each works once.`} />
      ) : (
        <TextField key="time" label={t`6-digit code`} name="code" inputMode="numeric" autoComplete="one-time-code" pattern="(\s*[0-9]){6}\s*"
          title={t`6 digits`} maxLength={64} required autoFocus={autoFocus} problem={problem} hint={t`From your authenticator app.`} />
      )}
      <button type="button" onClick={() => setRecovery(!recovery)}
        className="justify-self-start rounded-sm text-sm text-accent underline-offset-4 hover:underline">
        {recovery ? t`Use the code from the app` : t`Use a recovery code`}
      </button>
    </div>
  );
}

/** The code entered, without the blanks that people and apps insert. */
export function codeIn(form: HTMLFormElement): string {
  return String(new FormData(form).get('code')).replace(/\s/g, '');
}

/** The same if the form asks for one, otherwise undefined. */
export function codeIfAsked(form: HTMLFormElement): string | undefined {
  return form.elements.namedItem('code') === null ? undefined : codeIn(form);
}
