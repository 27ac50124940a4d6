import { useSyncExternalStore } from 'react';
import { useAuth } from '../stores/auth';
import { useSessionStore } from '../stores/sessions';
import { isUnread, useSeen } from '../stores/unread';

/** How many sessions have something unread; the one on screen counts while the page is hidden. */
export function useUnreadCount(): number {
  const userId = useAuth((state) => state.user?.id ?? '');
  const seen = useSeen((state) => state.seen[userId]);
  const sessions = useSessionStore((state) => state.sessionList);
  const current = useSessionStore((state) => state.currentSessionId);
  const visible = useSyncExternalStore(followVisibility, () => document.visibilityState === 'visible');
  return sessions.filter((session) => isUnread(seen, session) && !(visible && session.id === current)).length;
}

function followVisibility(onChange: () => void): () => void {
  document.addEventListener('visibilitychange', onChange);
  return () => document.removeEventListener('visibilitychange', onChange);
}
