import { t } from '@lingui/core/macro';
import { useSilence } from './useSilence';

/**
 * Stands in the place, and has the height, of the footer that a finished reply gets. `since`: what arrived last; `tool`: a tool is running. It speaks
 * of the reply, not of the model, because the reply may also wait for the database.
 */
export function StillWaiting({ since, tool }: { since: unknown; tool: boolean }) {
  const silent = useSilence(since);
  return (
    <div aria-live="polite" className="-mt-1 flex h-8 items-center text-xs text-soft pointer-coarse:h-11">
      {silent && (tool ? t`Still waiting for the tool…` : t`Still waiting for the reply…`)}
    </div>
  );
}
