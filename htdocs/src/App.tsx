import { t } from '@lingui/core/macro';
import { Fragment, lazy, Suspense, type ReactNode } from 'react';
import { Toaster } from 'sonner';
import { Logo } from './components/Logo';
import { Notice } from './components/Notice';
import { start, useAuth } from './stores/auth';
import { useLanguage } from './stores/language';
import { useTheme } from './stores/theme';
import { SignIn } from './views/SignIn';

/** Most of the page's code, and nothing that a visitor who has to log in needs. */
export const loadWorkspace = () => import('./workspace');
const Workspace = lazy(loadWorkspace);

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
    return (
      <Suspense fallback={<Waiting />}>
        <Workspace user={user} />
      </Suspense>
    );
  }
  if (phase === 'out') return <SignIn notice={notice} onTyping={() => void loadWorkspace()} />;
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
      <Logo className={`size-14 ${children === undefined ? 'animate-pulse-soft' : ''}`} />
      {children}
    </main>
  );
}
