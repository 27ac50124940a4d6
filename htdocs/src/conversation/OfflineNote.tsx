import { t } from '@lingui/core/macro';
import { WifiOff } from 'lucide-react';
import { useAuth } from '../stores/auth';

/** The page was opened without a network. */
export function OfflineNote() {
  const offline = useAuth((state) => state.offline);
  if (!offline) return null;
  return (
    <p role="status" className="flex items-start gap-2.5 border-b border-line bg-panel px-4 py-2.5 text-sm text-soft">
      <WifiOff className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      {t`You’re offline. What you send is kept in this browser and goes out when you’re back online.`}
    </p>
  );
}
