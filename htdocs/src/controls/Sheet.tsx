import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { focusAtEnd } from '../fields/focusAtEnd';
import { IconButton } from './Button';

/** A dialog for reading, above the page; mounted while it is open. `width`: a class for its width if there is room. */
export function Sheet({ title, name, width, onClose, children }: { title: string; name: string; width: string; onClose: () => void; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const opener = useRef<HTMLElement | null>(null);
  /** The mouse button went down beside the sheet: a reader who selects text in it may release it there. */
  const beside = useRef(false);
  // Notes the opener while its menu still exists; the browser would remember an item of the menu, which is gone afterwards.
  useLayoutEffect(() => {
    const button = openerOf(document.activeElement);
    opener.current = button;
    return () => {
      // After saving, the sheet is unmounted without having been closed.
      queueMicrotask(() => document.activeElement === document.body && button?.focus());
    };
  }, []);
  useEffect(() => {
    dialog.current?.showModal();
    // The element asked for the focus before it could have it. On a touch screen the keyboard would cover the form.
    const first = dialog.current?.querySelector<HTMLElement>('[data-first]');
    if (first instanceof HTMLButtonElement || !matchMedia('(pointer: coarse)').matches) focusAtEnd(first);
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${name}-title`}
      onClose={() => {
        if (document.activeElement === document.body || dialog.current?.contains(document.activeElement)) opener.current?.focus();
        onClose();
      }}
      onPointerDown={(event) => (beside.current = event.target === event.currentTarget)}
      onClick={(event) => beside.current && event.target === event.currentTarget && dialog.current?.close()}
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

/** The focused element, or the button of the menu that contains it. */
function openerOf(element: Element | null): HTMLElement | null {
  const button = document.getElementById(element?.closest('[role=menu]')?.getAttribute('aria-labelledby') ?? '') ?? element;
  return button instanceof HTMLElement ? button : null;
}
