import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';

/** The heading under which a session of that time is listed. */
export function dayOf(time: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  if (days <= 0) return t`Today`;
  if (days === 1) return t`Yesterday`;
  if (days < 7) return t`Previous 7 days`;
  if (days < 30) return t`Previous 30 days`;
  return time.toLocaleDateString(i18n.locale, { month: 'long', year: 'numeric' });
}

function midnight(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();
}
