import { t } from '@lingui/core/macro';
import { CircleAlert, RotateCcw } from 'lucide-react';
import { Button } from './Button';

/** What went wrong, in one sentence, and the way out. */
export function Notice({
  sentence,
  onRetry = null,
  retryLabel,
}: {
  sentence: string;
  onRetry?: (() => void) | null;
  retryLabel?: string;
}) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-danger-soft px-4 py-3 text-sm text-danger"
    >
      <span className="flex min-w-0 flex-1 basis-60 items-start gap-2.5">
        <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
        <span>{sentence}</span>
      </span>
      {onRetry !== null && (
        <Button onClick={onRetry} className="text-ink">
          {retryLabel === undefined && <RotateCcw className="size-3.5" aria-hidden="true" />}
          {retryLabel ?? t`Try again`}
        </Button>
      )}
    </div>
  );
}
