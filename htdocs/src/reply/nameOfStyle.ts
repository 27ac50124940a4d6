import { t } from '@lingui/core/macro';
import type { Style } from '../api/messages';

export function nameOfStyle(style: Style): string {
  switch (style) {
    case 'shorter': return t`Shorter`;
    case 'longer': return t`Longer`;
    case 'simpler': return t`Simpler`;
  }
}
