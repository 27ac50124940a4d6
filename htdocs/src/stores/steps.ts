/** Moving through the sessions by button and key. */
import { withoutDeleted, useDeletion } from './deletion';
import { sessionsInView } from '../text/rows';
import { newSession } from './conversation';
import { useSessionStore } from './sessions';
import { showView } from './shell';

export function startNewSession(): void {
  showView('chat');
  newSession();
}

/** The session above (-1) or below (1) the open one in the list; from a new session, the first. */
export function stepToSession(step: -1 | 1): void {
  const { sessionList, currentSessionId, setCurrentSession } = useSessionStore.getState();
  const sessions = sessionsInView(withoutDeleted(sessionList, useDeletion.getState().hidden));
  const index = sessions.findIndex(({ id }) => id === currentSessionId);
  const next = sessions[index === -1 ? 0 : index + step];
  if (next === undefined) return;
  showView('chat');
  setCurrentSession(next.id);
}
