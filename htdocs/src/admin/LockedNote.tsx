import { t } from '@lingui/core/macro';
import { Lock } from 'lucide-react';

/** Explains why something is read-only here. */
export function LockedNote() {
  return (
    <p className="flex items-start gap-2 px-4 pb-3 text-xs text-soft">
      <Lock className="mt-0.5 size-3.5 shrink-0" aria-hidden="true" />
      {t`This is set in the server’s configuration file or environment and can only be changed there.`}
    </p>
  );
}
