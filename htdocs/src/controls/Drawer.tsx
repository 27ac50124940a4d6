import { useEffect, useRef, type ReactNode } from 'react';
import { isComposing } from '../fields/composing';

/**
 * A panel over the page's left side. The page behind it is `inert` (see Workspace); a modal <dialog> would also block the toasts, and with them
 * "undo". Unlike the usual libraries it adds no <style> element, which the CSP would refuse.
 */
export function Drawer({
  open,
  onClose,
  label,
  children,
}: {
  open: boolean;
  onClose: () => void;
  label: string;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.show();
    else dialog.current?.close(); // the focus returns to where it was
  }, [open]);
  useEscape(open, onClose);

  return (
    <>
      {open && (
        <div
          onClick={onClose}
          className="fixed inset-0 z-30 bg-veil transition-opacity duration-200 starting:opacity-0"
          aria-hidden="true"
        />
      )}
      <dialog
        ref={dialog}
        aria-label={label}
        className="fixed inset-y-0 left-0 z-40 m-0 h-dvh max-h-none w-[min(20rem,86vw)] max-w-none bg-panel text-ink shadow-lift transition-[translate] duration-200 ease-out starting:open:-translate-x-full"
      >
        {open && children}
      </dialog>
    </>
  );
}

/** Escape closes it, wherever the focus is, unless something inside has handled the key. */
function useEscape(open: boolean, onClose: () => void): void {
  useEffect(() => {
    if (!open) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isComposing(event) && document.querySelector('dialog:modal') === null) onClose();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [open, onClose]);
}
