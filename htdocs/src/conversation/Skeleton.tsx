import { t } from '@lingui/core/macro';

/** Placeholder for messages. */
export function Skeleton() {
  return (
    <div className="mx-auto grid max-w-3xl animate-pulse gap-4 px-4 pt-8 sm:px-6" role="img" aria-label={t`Reading the messages`}>
      <div className="ml-auto h-11 w-2/5 rounded-2xl bg-panel" />
      <div className="h-4 w-11/12 rounded bg-panel" />
      <div className="h-4 w-4/5 rounded bg-panel" />
      <div className="h-4 w-3/5 rounded bg-panel" />
    </div>
  );
}
