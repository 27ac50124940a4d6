import { t } from '@lingui/core/macro';
import { useState, type FormEvent, type ReactNode } from 'react';
import { CodeField, codeIn } from '../account/CodeField';
import { LanguageLinks } from '../account/LanguageLinks';
import type { Credentials } from '../api/auth';
import { ApiError, passwordRule, usernameRule } from '../api/problem';
import type { Site } from '../api/site';
import { Missing } from '../controls/Boundary';
import { Button } from '../controls/Button';
import { later } from '../controls/later';
import { Logo } from '../controls/Logo';
import { Notice } from '../controls/Notice';
import { TextField } from '../controls/TextField';
import { invitationIn, useSite } from '../hooks/useSite';
import { useSubmit, type Submit } from '../hooks/useSubmit';
import { withTexts } from '../i18n/language';
import { logIn, register, useAuth } from '../stores/auth';
import { useDocumentTitle } from './useDocumentTitle';

type Mode = 'login' | 'register';

/** Entered values that are not secret: the other form keeps them, and so does the page in another language, which is drawn again. */
const entered: { mode?: Mode; username?: string; invite?: string } = {};
useAuth.subscribe(({ phase }) => {
  if (phase !== 'out') for (const name of ['mode', 'username', 'invite'] as const) delete entered[name];
});

const PrivacySheet = later<{ onClose: () => void }>(
  async () => (await withTexts(import('../account/PrivacySheet'))).default,
  (_, problem) => (problem === null ? null : <Missing />),
);

/**
 * Logs in or registers; `notice` says why a login is required again (`done`: because the user wanted it); `onTyping`: somebody is about to log in.
 */
export function LogIn({ notice, done = false, onTyping }: { notice: string | null; done?: boolean; onTyping: () => void }) {
  const site = useSite();
  const [invitation] = useState(() => invitationIn(location.hash));
  const [mode, setMode] = useState<Mode>(entered.mode ?? (invitation === null ? 'login' : 'register'));
  const changeMode = (next: Mode): void => {
    entered.mode = next;
    setMode(next);
  };
  /** The credentials were right, and only the code of a second factor is missing. */
  const [half, setHalf] = useState<Credentials | null>(null);
  useDocumentTitle(site?.siteName || 'Lamplight');

  const title = half !== null ? t`Two-factor authentication` : mode === 'login' ? t`Welcome back` : t`Create your account`;
  return (
    <main className="grid h-full overflow-y-auto p-6">
      <div className="m-auto w-full max-w-sm py-8">
        <header className="mb-8 flex flex-col items-center gap-4 text-center">
          <Logo className="size-14" />
          <div className="grid w-full gap-1">
            <p className="min-h-5 text-sm text-soft wrap-anywhere">{site?.siteName}</p>
            <h1 className="font-serif text-3xl tracking-tight">{title}</h1>
          </div>
        </header>
        {half !== null ? (
          <CodeForm credentials={half} onBack={() => setHalf(null)} />
        ) : mode === 'login' ? (
          <LoginForm notice={notice} done={done} onTyping={onTyping} onHalf={setHalf} />
        ) : (
          <RegisterForm invitation={invitation} asksInvitation={site?.registration === 'invite'} onTyping={onTyping} />
        )}
        {half === null && (
          <p className="mt-6 min-h-5 text-center text-sm text-soft">
            <Other mode={mode} site={site} invited={invitation !== null} onMode={changeMode} />
          </p>
        )}
        {site?.privacy === true && <PrivacyLink />}
        {half === null && <LanguageLinks /> /* another language draws everything again, and the password would be lost */}
      </div>
    </main>
  );
}

/** The operator's statement about what is kept. */
function PrivacyLink() {
  const [open, setOpen] = useState(false);
  return (
    <div className="mt-4 text-center text-sm">
      <LinkButton onClick={() => setOpen(true)}>{t`Privacy`}</LinkButton>
      {open && <PrivacySheet onClose={() => setOpen(false)} />}
    </div>
  );
}

/** The link to the other form, if there is one. */
function Other({ mode, site, invited, onMode }: { mode: Mode; site: Site | null; invited: boolean; onMode: (mode: Mode) => void }): ReactNode {
  if (mode === 'register') {
    return (
      <>
        {t`Already have an account?`} <LinkButton onClick={() => onMode('login')}>{t`Log in`}</LinkButton>
      </>
    );
  }
  if (site === null) return null;
  if (site.registration === 'off' && !invited) return t`Sign-up is turned off on this server. Ask the administrator for an account.`;
  return (
    <>
      {t`New here?`} <LinkButton onClick={() => onMode('register')}>{t`Create an account`}</LinkButton>
    </>
  );
}

function LinkButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className="font-medium text-accent underline-offset-4 hover:underline">
      {children}
    </button>
  );
}

function LoginForm({
  notice,
  done,
  onTyping,
  onHalf,
}: {
  notice: string | null;
  done: boolean;
  onTyping: () => void;
  onHalf: (credentials: Credentials) => void;
}) {
  const form = useSubmit();
  const [sent, setSent] = useState(false);

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const credentials = credentialsIn(event.currentTarget);
    setSent(true);
    void form.run(async () => {
      try {
        await logIn(credentials);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 'otp_required') throw error;
        onHalf(credentials);
      }
    });
  }

  return (
    <form onSubmit={submit} onInput={onTyping} className="grid gap-4">
      <UsernameField />
      <TextField label={t`Password`} name="password" type="password" maxLength={1024} required autoComplete="current-password" />
      <Ending form={form} notice={sent ? null : notice} done={done} action={t`Log in`} />
    </form>
  );
}

/** The second half of a log-in. The name and the password are known and not typed again. */
function CodeForm({ credentials, onBack }: { credentials: Credentials; onBack: () => void }) {
  const form = useSubmit('code');

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const code = codeIn(event.currentTarget);
    void form.run(() => logIn({ ...credentials, code }));
  }

  return (
    <>
      <form onSubmit={submit} className="grid gap-4">
        <CodeField problem={form.at('code')} autoFocus />
        <Ending form={form} notice={null} action={t`Log in`} />
      </form>
      <p className="mt-6 text-center text-sm">
        <LinkButton onClick={onBack}>{t`Use another account`}</LinkButton>
      </p>
    </>
  );
}

function RegisterForm({ invitation, asksInvitation, onTyping }: { invitation: string | null; asksInvitation: boolean; onTyping: () => void }) {
  const form = useSubmit('username', 'password', 'invite');
  const asks = asksInvitation || invitation !== null;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const { currentTarget } = event;
    const invite = asks ? String(new FormData(currentTarget).get('invite')).trim() : '';
    void form.run(async () => {
      await register({ ...credentialsIn(currentTarget), ...(invite !== '' && { invite }) });
      // It has been used, and belongs in no history.
      if (invitationIn(location.hash) !== null) history.replaceState(null, '', location.pathname + location.search);
    });
  }

  return (
    <form onSubmit={submit} onInput={onTyping} className="grid gap-4">
      {asks && (
        <TextField label={t`Invitation code`} name="invite" defaultValue={entered.invite ?? invitation ?? ''} onChange={({ currentTarget }) => (entered.invite = currentTarget.value)} maxLength={64} required autoComplete="off"
          autoCapitalize="none" spellCheck={false} problem={form.at('invite')} hint={t`You get it from your administrator.`} />
      )}
      <UsernameField problem={form.at('username')} hint={usernameRule()} />
      <TextField label={t`Password`} name="password" type="password" minLength={8} maxLength={1024} required autoComplete="new-password"
        problem={form.at('password')} hint={passwordRule()} />
      <Ending form={form} notice={null} action={t`Create account`} />
    </form>
  );
}

function UsernameField(props: { problem?: string | null; hint?: string }) {
  return (
    <TextField label={t`Username`} name="username" defaultValue={entered.username} onChange={({ currentTarget }) => (entered.username = currentTarget.value)} autoComplete="username" autoCapitalize="none" spellCheck={false} minLength={2} maxLength={64}
      required autoFocus {...props} />
  );
}

/** The error and the button. */
function Ending({ form, notice, done = false, action }: { form: Submit; notice: string | null; done?: boolean; action: string }) {
  const problem = form.problem ?? notice;
  return (
    <>
      {problem !== null && <Notice sentence={problem} calm={done && form.problem === null} />}
      <Button type="submit" look="accent" disabled={form.busy} className="mt-1 h-11 text-base">
        {form.busy ? t`One moment…` : action}
      </Button>
    </>
  );
}

function credentialsIn(form: HTMLFormElement): Credentials {
  const data = new FormData(form);
  return { username: String(data.get('username')).trim(), password: String(data.get('password')) };
}
