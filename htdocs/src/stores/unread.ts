/** Which sessions have something that has not been looked at in this browser. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Session } from '../api/sessions';

export interface Seen {
  /** What was there before is not news. */
  since: string;
  /** When each session had last changed when it was looked at. */
  times: Record<string, string>;
}

export const useSeen = create<{ seen: Record<string, Seen> }>()(
  persist(() => ({ seen: {} }), { name: 'lamplight.seen' }),
);

/** Storage is small: the oldest of more than these are forgotten, and older ones with them. */
const most = 400;

export function isUnread(seen: Seen | undefined, { id, status, updateTime }: Session): boolean {
  if (seen === undefined || status === 'streaming') return false;
  return updateTime > (seen.times[id] ?? seen.since);
}

/** The session on screen is read; on the first visit, all that is there. */
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
