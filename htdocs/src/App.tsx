import { t } from '@lingui/core/macro';
import { Fragment, type ReactNode } from 'react';
import { Toaster } from 'sonner';
import { later } from './components/later';
import { Logo } from './components/Logo';
import { Notice } from './components/Notice';
import type { User } from './api/token';
import { start, useAuth } from './stores/auth';
import { useLanguage } from './stores/language';
import { useTheme } from './stores/theme';
import { SignIn } from './views/SignIn';

/** Most of the page's code, and nothing that a visitor who has to log in needs. */
const Workspace = later<{ user: User }>(
  async () => (await import('./workspace')).default,
  (_, problem) => <Waiting>{problem !== null && <Notice sentence={t`The page could not be loaded.`} onRetry={() => location.reload()} />}</Waiting>,
);

export const loadWorkspace = Workspace.preload;

export function App() {
  const theme = useTheme((state) => state.theme);
  const language = useLanguage((state) => state.spoken);
  return (
    <>
      {/* Another language: everything is drawn anew, so that texts need no subscription of their own. */}
      <Fragment key={language}>
        <Gate />
      </Fragment>
      <Toaster theme={theme} position="top-center" containerAriaLabel={t`Messages of the page`} />
    </>
  );
}

function Gate() {
  const { phase, user, notice } = useAuth();
  if (phase === 'in' && user !== null) {
    return <Workspace user={user} />;
  }
  if (phase === 'out') return <SignIn notice={notice} onTyping={loadWorkspace} />;
  return phase === 'unreachable' ? (
    <Waiting>
      <Notice sentence={notice ?? ''} onRetry={() => void start()} />
    </Waiting>
  ) : (
    <Waiting />
  );
}

/** The lamp, as index.html shows it until the first of the code is there. */
function Waiting({ children }: { children?: ReactNode }) {
  return (
    <main className="grid h-full place-content-center justify-items-center gap-6 p-6">
      <Logo className={`size-14 ${children ? '' : 'animate-pulse-soft'}`} />
      {children}
    </main>
  );
}
