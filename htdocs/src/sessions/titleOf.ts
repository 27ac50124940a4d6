import { t } from '@lingui/core/macro';
import type { Session } from '../api/sessions';
import { seenIn } from '../text/seen';

export function titleOf(session: Session): string {
  return seenIn(session.title) || t`Untitled`;
}
