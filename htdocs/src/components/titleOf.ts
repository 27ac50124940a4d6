import { t } from '@lingui/core/macro';
import type { Session } from '../api/sessions';

export function titleOf(session: Session): string {
  return session.title === '' ? t`Untitled` : session.title;
}
