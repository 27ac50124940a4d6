import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { IconButton } from './Button';
import { PrivacyText } from './account/PrivacyText';

/** Mounted while it is open. */
export default function PrivacySheet({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="privacy-title"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
      className="m-auto w-[min(40rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised text-ink shadow-lift"
    >
      <div className="p-6">
        <header className="mb-4 flex items-center justify-between">
          <h2 id="privacy-title" className="text-lg font-semibold">{t`Privacy`}</h2>
          <IconButton label={t`Close`} onClick={() => dialog.current?.close()}>
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        </header>
        <PrivacyText />
      </div>
    </dialog>
  );
}
