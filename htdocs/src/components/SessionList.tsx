import { refreshSessions, readMoreSessions, useSessionPages } from '../stores/sessionPages';
import { useSessionStore } from '../stores/sessions';
import { sentenceOf } from '../api/problem';
import { byDay } from '../text/day';
import { Button } from './Button';
import { Notice } from './Notice';
import { SessionRow } from './SessionRow';

/** The sessions by the day they were last used, newest first. */
export function SessionList({ onChosen }: { onChosen: () => void }) {
  const sessions = useSessionStore((state) => state.sessionList);
  const currentId = useSessionStore((state) => state.currentSessionId);
  const { phase, problem, more } = useSessionPages();

  return (
    <nav aria-label="Sessions" className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-4">
      {phase === 'failed' && <Notice sentence={sentenceOf(problem)} onRetry={() => void refreshSessions()} />}
      {phase === 'ready' && sessions.length === 0 && (
        <p className="px-3 py-6 text-sm text-soft">Your sessions will be listed here.</p>
      )}
      {byDay(sessions, new Date()).map(([day, ofDay]) => (
        <section key={day} aria-label={day}>
          <h2 className="px-3 pt-4 pb-1.5 text-xs font-medium text-soft">{day}</h2>
          <ul className="grid grid-cols-1 gap-0.5">
            {ofDay.map((session) => (
              <SessionRow key={session.id} session={session} current={session.id === currentId} onChosen={onChosen} />
            ))}
          </ul>
        </section>
      ))}
      {more !== null && (
        <Button look="quiet" className="mt-2 w-full" onClick={() => void readMoreSessions()}>
          Older sessions
        </Button>
      )}
    </nav>
  );
}
