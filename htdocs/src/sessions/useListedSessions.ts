import { useMemo } from 'react';
import type { Session } from '../api/sessions';
import { useDeletion, withoutDeleted } from '../stores/deletion';
import { useSessionStore } from '../stores/sessions';

/** The sessions of the list, without those that are being deleted. */
export function useListedSessions(): Session[] {
  const sessions = useSessionStore((state) => state.sessionList);
  const hidden = useDeletion((state) => state.hidden);
  return useMemo(() => withoutDeleted(sessions, hidden), [sessions, hidden]);
}
