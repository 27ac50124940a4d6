/** Which sessions have something that has not been read in this browser. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Session } from '../api/sessions';

interface Seen {
  /** Anything older is not news. */
  since: string;
  /** When each session had last changed when it was last read. */
  times: Record<string, string>;
}

export const useSeen = create<{ seen: Record<string, Seen> }>()(
  persist(() => ({ seen: {} }), { name: 'lamplight.seen' }),
);

/** Storage is small: beyond this number the oldest entries are forgotten, and everything up to them counts as read. */
const most = 400;

export function isUnread(seen: Seen | undefined, { id, status, updateTime }: Session): boolean {
  if (seen === undefined || status === 'streaming') return false;
  return updateTime > (seen.times[id] ?? seen.since);
}

/** Marks the session on screen as read; on the first visit, all sessions. */
export function markSeen(userId: string, sessions: Session[], currentId: string | null): void {
  const seen = useSeen.getState().seen[userId] ?? firstVisit(sessions);
  const current = sessions.find(({ id }) => id === currentId);
  const next = current === undefined ? seen : withTime(seen, current);
  if (useSeen.getState().seen[userId] === next) return;
  useSeen.setState((state) => ({ seen: { ...state.seen, [userId]: next } }));
}

function firstVisit(sessions: Session[]): Seen {
  return { since: sessions.reduce((latest, { updateTime }) => (updateTime > latest ? updateTime : latest), ''), times: {} };
}

export function withTime(seen: Seen, { id, updateTime }: Session): Seen {
  if (updateTime <= (seen.times[id] ?? seen.since)) return seen;
  const times = Object.entries({ ...seen.times, [id]: updateTime }).sort(([, a], [, b]) => (a < b ? 1 : -1));
  const since = times[most]?.[1] ?? seen.since;
  return { since, times: Object.fromEntries(times.slice(0, most)) };
}
