import { t } from '@lingui/core/macro';

/** Stands for a message, or a part of one, that this page cannot draw. */
export function Unshown() {
  return <p className="rounded-xl bg-panel px-4 py-3 text-sm text-soft">{t`Something here can’t be shown.`}</p>;
}
