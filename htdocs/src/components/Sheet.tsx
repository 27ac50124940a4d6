import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from './Button';

/** Something to read above the page; mounted while it is open. `width`: a class, what it takes where there is room. */
export function Sheet({ title, name, width, onClose, children }: { title: string; name: string; width: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${name}-title`}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && dialog.current?.close()}
      className={`m-auto ${width} rounded-2xl border border-line bg-raised text-ink shadow-lift`}
    >
      <div className="p-6">
        <header className="mb-4 flex items-center justify-between gap-3">
          <h2 id={`${name}-title`} className="min-w-0 text-lg font-semibold wrap-anywhere">{title}</h2>
          <IconButton label={t`Close`} onClick={() => dialog.current?.close()}>
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        </header>
        {children}
      </div>
    </dialog>
  );
}
