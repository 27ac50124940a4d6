import { t } from '@lingui/core/macro';
import { Fragment } from 'react';
import { Toaster } from 'sonner';
import { Logo } from './components/Logo';
import { Notice } from './components/Notice';
import { start, useAuth } from './stores/auth';
import { useLanguage } from './stores/language';
import { useTheme } from './stores/theme';
import { SignIn } from './views/SignIn';
import { Workspace } from './views/Workspace';

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
  if (phase === 'in' && user !== null) return <Workspace user={user} />;
  if (phase === 'out') return <SignIn notice={notice} />;
  return (
    <main className="grid h-full place-content-center justify-items-center gap-6 p-6">
      <Logo className={`size-14 ${phase === 'starting' ? 'animate-pulse-soft' : ''}`} />
      {phase === 'unreachable' && <Notice sentence={notice ?? ''} onRetry={() => void start()} />}
    </main>
  );
}
