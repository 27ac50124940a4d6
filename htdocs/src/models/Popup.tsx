import { useEffect, useRef, type FocusEvent, type ReactNode } from 'react';
import { isComposing } from '../fields/composing';

/** Opens above its button; closed by Escape and by any action outside. `onClose`: whether the focus returns. */
export function Popup({ title, onClose, children }: { title: string; onClose: (back: boolean) => void; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const byTab = useRef(false);
  const isOutside = (target: EventTarget | null): boolean => target instanceof Node && box.current?.contains(target) === false;
  /** A press of its own button closes it; if it was closed before that, the button would open it again. */
  const isPressed = (target: EventTarget | null): boolean =>
    !byTab.current && target instanceof Element && target.getAttribute('aria-expanded') === 'true' && target.parentElement === box.current?.parentElement;
  useEffect(() => {
    const outside = ({ target }: Event): void => {
      if (isOutside(target)) onClose(false);
    };
    // Keys pressed inside the popup do not reach this listener.
    const escaped = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return;
      event.preventDefault();
      onClose(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('input', outside); // it would cover the text
    document.addEventListener('keydown', escaped);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('input', outside);
      document.removeEventListener('keydown', escaped);
    };
  });

  return (
    <div
      ref={box}
      role="dialog"
      aria-label={title}
      onBlur={({ relatedTarget }: FocusEvent) => isOutside(relatedTarget) && !isPressed(relatedTarget) && onClose(false)}
      onKeyUp={() => (byTab.current = false)}
      onKeyDown={(event) => {
        byTab.current = event.key === 'Tab';
        event.stopPropagation(); // the page's own keys do not apply here
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose(true);
      }}
      className="absolute bottom-full z-20 mb-2 flex max-h-[min(33rem,65dvh)] w-[min(24rem,calc(100vw-1.5rem))] flex-col rounded-xl border border-line bg-raised text-left text-sm text-ink shadow-lift"
    >
      {children}
    </div>
  );
}
