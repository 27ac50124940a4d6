import { useEffect, useRef, type FocusEvent, type ReactNode } from 'react';
import { isComposing } from '../../text/composing';

/** What opens above its button, and is closed by Escape and by whatever happens outside. `onClose`: whether the focus goes back. */
export function Popup({ title, onClose, children }: { title: string; onClose: (back: boolean) => void; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const byTab = useRef(false);
  const isOutside = (target: EventTarget | null): boolean => target instanceof Node && box.current?.contains(target) === false;
  /** Its button closes it by itself when it is pressed; closed before, it would open again. */
  const isPressed = (target: EventTarget | null): boolean =>
    !byTab.current && target instanceof Element && target.getAttribute('aria-expanded') === 'true' && target.parentElement === box.current?.parentElement;
  useEffect(() => {
    const outside = ({ target }: Event): void => {
      if (isOutside(target)) onClose(false);
    };
    // Of the keys that are pressed in it none comes here.
    const escaped = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isComposing(event)) return;
      event.preventDefault();
      onClose(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('input', outside); // it would be over what is written
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
        event.stopPropagation(); // the page's own keys are for the page
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
