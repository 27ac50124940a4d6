import { t } from '@lingui/core/macro';
import { useState, type FormEvent } from 'react';
import { sentenceOf } from '../api/problem';
import { Button } from '../components/Button';
import { LanguageLinks } from '../components/LanguageLinks';
import { Logo } from '../components/Logo';
import { Notice } from '../components/Notice';
import { TextField } from '../components/TextField';
import { logIn, register } from '../stores/auth';

type Mode = 'login' | 'register';

function wordsOf(mode: Mode) {
  return mode === 'login'
    ? { title: t`Welcome back`, action: t`Log in`, other: t`Create an account`, question: t`New here?` }
    : { title: t`Create your account`, action: t`Create account`, other: t`Log in`, question: t`Have an account?` };
}

/** Logs in or registers; `notice` says why a login is asked for again; `onTyping`: somebody is about to log in. */
export function SignIn({ notice, onTyping }: { notice: string | null; onTyping: () => void }) {
  const [mode, setMode] = useState<Mode>('login');
  const [problem, setProblem] = useState(notice);
  const [busy, setBusy] = useState(false);
  const text = wordsOf(mode);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credentials = { username: String(form.get('username')).trim(), password: String(form.get('password')) };
    setBusy(true);
    setProblem(null);
    try {
      await (mode === 'login' ? logIn(credentials) : register(credentials));
    } catch (error) {
      setProblem(sentenceOf(error));
      setBusy(false);
    }
  }

  function change(): void {
    setMode(mode === 'login' ? 'register' : 'login');
    setProblem(null);
  }

  return (
    <main className="grid h-full overflow-y-auto p-6">
      <div className="m-auto w-full max-w-sm py-8">
        <header className="mb-8 flex flex-col items-center gap-4 text-center">
          <Logo className="size-14" />
          <h1 className="font-serif text-3xl tracking-tight">{text.title}</h1>
        </header>
        <form onSubmit={(event) => void submit(event)} onInput={onTyping} className="grid gap-4">
          <TextField label={t`Username`} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false}
            minLength={3} maxLength={64} required autoFocus />
          <TextField label={t`Password`} name="password" type="password" minLength={mode === 'register' ? 8 : 1} maxLength={1024} required
            autoComplete={mode === 'login' ? 'current-password' : 'new-password'}
            hint={mode === 'register' ? t`At least 8 characters.` : undefined} />
          {problem !== null && <Notice sentence={problem} />}
          <Button type="submit" look="accent" disabled={busy} className="mt-1 h-11 text-base">
            {busy ? t`One moment…` : text.action}
          </Button>
        </form>
        <p className="mt-6 text-center text-sm text-soft">
          {text.question}{' '}
          <button type="button" onClick={change} className="font-medium text-accent underline-offset-4 hover:underline">
            {text.other}
          </button>
        </p>
        <LanguageLinks />
      </div>
    </main>
  );
}
