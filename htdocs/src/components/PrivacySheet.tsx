import { t } from '@lingui/core/macro';
import { PrivacyText } from './account/PrivacyText';
import { Sheet } from './Sheet';

/** Mounted while it is open. */
export default function PrivacySheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title={t`Privacy`} name="privacy" width="w-[min(40rem,calc(100vw-2rem))]" onClose={onClose}>
      <PrivacyText />
    </Sheet>
  );
}
