import { t } from '@lingui/core/macro';
import { VolumeX } from 'lucide-react';
import { IconButton } from '../controls/Button';
import { stopReading, useReading } from '../stores/reading';

/** Shown beside the reply that is being read aloud. */
export function StopReading({ messageId }: { messageId: string }) {
  const reading = useReading((state) => state.messageId === messageId);
  if (!reading) return null;
  return (
    <IconButton label={t`Stop reading`} size="size-8" className="text-accent" onClick={stopReading}>
      <VolumeX className="size-4" aria-hidden="true" />
    </IconButton>
  );
}
