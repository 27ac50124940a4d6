import { t } from '@lingui/core/macro';
import { SecondFactor } from '../account/SecondFactor';
import type { User } from '../api/token';
import { Button } from '../controls/Button';
import { Logo } from '../controls/Logo';
import { Notice } from '../controls/Notice';
import { useSubmit } from '../hooks/useSubmit';
import { logOut, start } from '../stores/auth';
import { useDocumentTitle } from './useDocumentTitle';

/** All that a login without the required second factor can do. */
export default function EnrolView({ user }: { user: User }) {
  const { busy, problem, run } = useSubmit();
  useDocumentTitle(t`Two-factor authentication`);
  return (
    <main className="grid h-full overflow-y-auto p-6">
      <div className="m-auto grid w-full max-w-md gap-6 py-8">
        <header className="grid justify-items-center gap-4 text-center">
          <Logo className="size-14" />
          <h1 className="font-serif text-3xl tracking-tight">{t`Two-factor authentication`}</h1>
          <p className="text-sm text-soft">{t`This site requires two-factor authentication. Turn it on to continue.`}</p>
        </header>
        <section aria-label={t`Two-factor authentication`} className="grid gap-3">
          <SecondFactor onDone={() => void start()} />
        </section>
        {problem !== null && <Notice sentence={problem} />}
        <footer className="flex flex-wrap items-center justify-between gap-2 border-t border-line pt-4 text-sm text-soft">
          <span className="wrap-anywhere">{user.username}</span>
          <Button disabled={busy} onClick={() => void run(logOut)}>{t`Log out`}</Button>
        </footer>
      </div>
    </main>
  );
}
