import { t } from '@lingui/core/macro';
import type { Effort } from '../api/models';

export function nameOfEffort(effort: Effort): string {
  switch (effort) {
    case 'none': return t`None`;
    case 'minimal': return t`Minimal`;
    case 'low': return t`Low`;
    case 'medium': return t`Medium`;
    case 'high': return t`High`;
  }
}
