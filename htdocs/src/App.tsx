import { t } from '@lingui/core/macro';
import { startTransition, useDeferredValue, type ReactNode } from 'react';
import type { ToasterProps } from 'sonner';
import type { User } from './api/token';
import { Boundary } from './controls/Boundary';
import { later } from './controls/later';
import { Logo } from './controls/Logo';
import { Notice } from './controls/Notice';
import { withTexts } from './i18n/language';
import { start, useAuth } from './stores/auth';
import { useLanguage } from './stores/language';
import { useTheme } from './stores/theme';
import { LogIn } from './views/LogIn';

/** Contains most of the page's code, which a visitor who has to log in does not need. */
const Workspace = later<{ user: User }>(
  async () => (await import('./workspace')).default,
  (_, problem) => (problem === null ? <Waiting /> : <Broken />),
  startTransition, // drawn in pieces: in one go it would be the longest task that a phone has to do
);

/** A visitor does not wait for this either. */
const Toaster = later<ToasterProps>(async () => (await import('sonner')).Toaster, () => null);

export const loadWorkspace = Workspace.preload;

export function App() {
  const theme = useTheme((state) => state.theme);
  const language = useLanguage((state) => state.spoken);
  return (
    <>
      {/* When the language changes, everything is drawn again, so that texts need no subscription of their own. */}
      <Boundary key={language} instead={<Broken />}>
        <Gate />
      </Boundary>
      <Toaster theme={theme} position="top-center" containerAriaLabel={t`Notifications`} />
    </>
  );
}

function Gate() {
  const { phase, user, notice, done } = useAuth();
  // Draws in pieces, too, if the code arrived before the user was known.
  const begun = useDeferredValue(phase === 'in' ? user : null);
  if (phase === 'in' && user !== null) return begun?.id === user.id ? <Workspace user={user} /> : <Waiting />;
  if (phase === 'enrolling' && user !== null) return <EnrolView user={user} />;
  if (phase === 'out') return <LogIn notice={notice} done={done} onTyping={loadWorkspace} />;
  return phase === 'unreachable' ? (
    <Waiting>
      <Notice sentence={notice ?? ''} onRetry={() => void start()} />
    </Waiting>
  ) : (
    <Waiting />
  );
}

const EnrolView = later<{ user: User }>(
  async () => (await withTexts(import('./views/EnrolView'))).default,
  (_, problem) => (problem === null ? <Waiting /> : <Broken />),
);

/** Code of the page could not be fetched, or failed. What was written is stored, and reloading helps. */
function Broken() {
  return (
    <Waiting>
      <Notice sentence={t`This page can’t be shown.`} retryLabel={t`Reload`} onRetry={() => location.reload()} />
    </Waiting>
  );
}

/** The lamp, as index.html shows it until the first code has arrived. */
function Waiting({ children }: { children?: ReactNode }) {
  return (
    <main className="grid h-full place-content-center justify-items-center gap-6 p-6">
      <Logo className={`size-14 ${children === undefined ? 'animate-pulse-soft' : ''}`} />
      {children}
    </main>
  );
}
