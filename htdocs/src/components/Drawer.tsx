import { useEffect, useRef, type ReactNode } from 'react';

/**
 * A panel over the page's left side. A native <dialog>: it keeps the focus inside, closes with Escape, and
 * unlike the usual libraries adds no <style> element, which the CSP would refuse.
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
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="m-0 h-dvh max-h-none w-[min(20rem,86vw)] max-w-none bg-panel text-ink shadow-lift transition-[translate,opacity] duration-200 ease-out starting:open:-translate-x-full"
    >
      {open && children}
    </dialog>
  );
}
