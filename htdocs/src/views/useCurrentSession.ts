import type { Session } from '../api/sessions';
import { useSessionPages } from '../stores/sessionPages';
import { useSessionStore } from '../stores/sessions';

/** The open session, wherever it is listed; undefined for a new one, and while it is not known. */
export function useCurrentSession(): Session | undefined {
  const id = useSessionStore((state) => state.currentSessionId);
  const listed = useSessionStore((state) => state.sessionList.find((session) => session.id === state.currentSessionId));
  const elsewhere = useSessionPages((state) => state.elsewhere);
  return listed ?? (elsewhere?.id === id ? (elsewhere ?? undefined) : undefined);
}
