/** The heading under which a session of that time is listed. */
export function dayOf(time: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return 'Previous 7 days';
  if (days < 30) return 'Previous 30 days';
  return time.toLocaleDateString('en', { month: 'long', year: 'numeric' });
}

function midnight(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}

/** Groups sessions, which are in order, under their headings. */
export function byDay<T extends { updateTime: string }>(items: T[], now: Date): [day: string, items: T[]][] {
  const days = new Map<string, T[]>();
  for (const item of items) {
    const day = dayOf(new Date(item.updateTime), now);
    days.set(day, [...(days.get(day) ?? []), item]);
  }
  return [...days];
}
