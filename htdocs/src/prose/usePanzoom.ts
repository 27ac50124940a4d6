import Panzoom, { type PanzoomObject } from '@panzoom/panzoom';
import { useEffect, useRef, type RefObject } from 'react';

export const closest = 10;
const once = 2.5;

/**
 * Moves and scales `picture` in `stage`, by mouse, wheel and touch; it starts fitted. A change of `id` means another picture, which starts again.
 * `onScale` receives the scale.
 */
export function usePanzoom(stage: RefObject<HTMLElement | null>, picture: RefObject<HTMLElement | null>, id: unknown, onScale: (scale: number) => void): RefObject<PanzoomObject | null> {
  const lens = useRef<PanzoomObject | null>(null);
  useEffect(() => {
    const [frame, element] = [stage.current, picture.current];
    if (frame === null || element === null) return;
    const animate = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    const panzoom = Panzoom(element, { canvas: true, minScale: 0.5, maxScale: closest, step: 0.4, animate, duration: 150, cursor: 'grab' });
    lens.current = panzoom;
    const change = (event: Event): void => onScale((event as CustomEvent<{ scale: number }>).detail.scale);
    const wheel = (event: WheelEvent): void => void panzoom.zoomWithWheel(event, { animate: false });
    const toggle = (event: MouseEvent): void => {
      if (panzoom.getScale() > 1.01) panzoom.reset();
      else panzoom.zoomToPoint(once, event, { animate });
    };
    element.addEventListener('panzoomchange', change);
    frame.addEventListener('wheel', wheel, { passive: false });
    frame.addEventListener('dblclick', toggle);
    onScale(1);
    return () => {
      element.removeEventListener('panzoomchange', change);
      frame.removeEventListener('wheel', wheel);
      frame.removeEventListener('dblclick', toggle);
      panzoom.destroy();
      panzoom.resetStyle();
      lens.current = null;
    };
  }, [stage, picture, id, onScale]);
  return lens;
}
