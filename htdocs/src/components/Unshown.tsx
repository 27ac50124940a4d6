import { t } from '@lingui/core/macro';

/** In place of a message, or of a part of one, that this page does not know how to draw. */
export function Unshown() {
  return <p className="rounded-xl bg-panel px-4 py-3 text-sm text-soft">{t`Something here can’t be shown.`}</p>;
}
