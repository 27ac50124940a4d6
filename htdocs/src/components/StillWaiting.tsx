import { t } from '@lingui/core/macro';
import { useSilence } from '../hooks/useSilence';

/**
 * In the place, and of the height, of what will stand below the reply when it has ended. `since`: what has come last; `tool`: a tool is running.
 * Of the reply, and not of the model: what it waits for may be the database, too.
 */
export function StillWaiting({ since, tool }: { since: unknown; tool: boolean }) {
  const silent = useSilence(since);
  return (
    <div aria-live="polite" className="-mt-1 flex h-8 items-center text-xs text-soft pointer-coarse:h-11">
      {silent && (tool ? t`Still waiting for the tool…` : t`Still waiting for the reply…`)}
    </div>
  );
}
