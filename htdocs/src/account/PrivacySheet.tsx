import { t } from '@lingui/core/macro';
import { Sheet } from '../controls/Sheet';
import { PrivacyText } from './PrivacyText';

/** Mounted while it is open. */
export default function PrivacySheet({ onClose }: { onClose: () => void }) {
  return (
    <Sheet title={t`Privacy`} name="privacy" width="w-[min(40rem,calc(100vw-2rem))]" onClose={onClose}>
      <PrivacyText />
    </Sheet>
  );
}
