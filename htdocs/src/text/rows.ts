import { t } from '@lingui/core/macro';
import type { Session } from '../api/sessions';
import { dayOf } from './day';

/** A line of the session list. `heading` names the group that a line opens or belongs to. */
type Row = { heading: string; key: string; session: Session | null };

/** The pinned sessions, then the others by the day of their last use; both are sorted already. */
export function rowsOf(sessions: Session[], now: Date): Row[] {
  const rows: Row[] = [];
  for (const session of sessionsInView(sessions)) {
    const heading = session.pinned ? t`Pinned` : dayOf(new Date(session.updateTime), now);
    if (rows.at(-1)?.heading !== heading) rows.push({ heading, key: `heading ${heading}`, session: null });
    rows.push({ heading, key: session.id, session });
  }
  return rows;
}

/** The order in which the list shows its sessions. */
export function sessionsInView(sessions: Session[]): Session[] {
  return [...sessions.filter(({ pinned }) => pinned), ...sessions.filter(({ pinned }) => !pinned)];
}

/** Consecutive lines of the same group. */
export function byHeading<T extends { heading: string }>(rows: T[]): [heading: string, rows: T[]][] {
  const groups: [string, T[]][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.[0] === row.heading) last[1].push(row);
    else groups.push([row.heading, [row]]);
  }
  return groups;
}
