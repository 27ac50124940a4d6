import { t } from '@lingui/core/macro';
import type { PanzoomObject } from '@panzoom/panzoom';
import { ChevronLeft, ChevronRight, Download, Maximize, X, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { Button, IconButton } from '../controls/Button';
import { CopyButton } from '../controls/CopyButton';
import { Notice } from '../controls/Notice';
import { savePicture, savePng, saveSvg, type Exhibit } from '../export/picture';
import { focusComposer } from '../fields/focusComposer';
import { useViewer } from '../stores/viewer';
import { closest, usePanzoom } from './usePanzoom';

/** How far an arrow key moves the picture, in pixels. */
const stride = 60;

/** Shows one of the exhibits as large as possible. Keys: + and -, 0 to fit, arrows, Escape. The focus returns to where it was. */
export default function Viewer({ exhibits, at }: { exhibits: Exhibit[]; at: number }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const lens = useRef<PanzoomObject | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const exhibit = exhibits[at];
  // Toasts would be hidden behind a modal dialog.
  const [failure, setFailure] = useState<{ of: Exhibit; sentence: string } | null>(null);
  if (exhibit === undefined) return null;

  const step = (by: number): void => useViewer.setState({ at: (at + by + exhibits.length) % exhibits.length });

  function onClose(): void {
    useViewer.setState({ exhibits: [] });
    // The element that opened it may be gone.
    requestAnimationFrame(() => document.activeElement === document.body && focusComposer());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || exhibit?.kind === 'text') return;
    const turns = exhibits.length > 1 && (lens.current?.getScale() ?? 1) <= 1.01;
    const does: Record<string, () => void> = {
      '+': () => lens.current?.zoomIn(),
      '=': () => lens.current?.zoomIn(),
      '-': () => lens.current?.zoomOut(),
      '0': () => lens.current?.reset(),
      ArrowLeft: () => (turns ? step(-1) : lens.current?.pan(stride, 0, { relative: true })),
      ArrowRight: () => (turns ? step(1) : lens.current?.pan(-stride, 0, { relative: true })),
      ArrowUp: () => lens.current?.pan(0, stride, { relative: true }),
      ArrowDown: () => lens.current?.pan(0, -stride, { relative: true }),
      PageUp: () => exhibits.length > 1 && step(-1),
      PageDown: () => exhibits.length > 1 && step(1),
    };
    const act = does[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  return (
    <dialog
      ref={dialog}
      aria-label={exhibit.name}
      onClose={onClose}
      onKeyDown={onKeyDown}
      className="m-0 h-dvh max-h-none w-screen max-w-none bg-page text-ink"
    >
      <div className="flex h-full flex-col">
        <header className="!flex items-center gap-1 border-b border-line px-2 pt-[max(0.25rem,env(safe-area-inset-top))] pb-1">
          <h2 dir="auto" className="min-w-0 flex-1 truncate px-2 text-sm font-medium">{exhibit.name}</h2>
          {exhibits.length > 1 && (
            <>
              <IconButton label={t`Previous picture`} onClick={() => step(-1)}>
                <ChevronLeft className="size-4.5" aria-hidden="true" />
              </IconButton>
              <span aria-live="polite" className="text-sm text-soft tabular-nums">
                {at + 1} / {exhibits.length}
              </span>
              <IconButton label={t`Next picture`} onClick={() => step(1)}>
                <ChevronRight className="size-4.5" aria-hidden="true" />
              </IconButton>
            </>
          )}
          <Downloads exhibit={exhibit} onFailure={(sentence) => setFailure({ of: exhibit, sentence })} />
          <IconButton label={t`Close`} onClick={() => dialog.current?.close()}>
            <X className="size-5" aria-hidden="true" />
          </IconButton>
        </header>
        {failure?.of === exhibit && (
          <div className="p-2">
            <Notice sentence={failure.sentence} />
          </div>
        )}
        {exhibit.kind === 'text' ? (
          <pre tabIndex={0} dir="auto" className="mx-auto min-h-0 w-full max-w-4xl flex-1 overflow-auto p-4 font-mono text-sm leading-relaxed whitespace-pre-wrap wrap-anywhere">
            {exhibit.text}
          </pre>
        ) : (
          <Picture key={exhibit.src} exhibit={exhibit} lens={lens} onAway={() => dialog.current?.close()} />
        )}
      </div>
    </dialog>
  );
}

function Picture({ exhibit, lens, onAway }: { exhibit: Exclude<Exhibit, { kind: 'text' }>; lens: RefObject<PanzoomObject | null>; onAway: () => void }) {
  const stage = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const pressed = useRef({ x: 0, y: 0 });
  const [scale, setScale] = useState(1);
  const panzoom = usePanzoom(stage, picture, exhibit.src, useCallback((now: number) => setScale(now), []));
  useEffect(() => {
    lens.current = panzoom.current;
  }, [lens, panzoom, exhibit.src]);
  const percent = Math.round(scale * 100);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a click beside the picture closes, as Esc and the button do
    <div
      ref={stage}
      className="relative grid min-h-0 flex-1 touch-none place-items-center overflow-hidden p-4 pb-20"
      onPointerDownCapture={({ clientX: x, clientY: y }) => {
        pressed.current = { x, y };
      }}
      onClick={({ target, currentTarget, clientX, clientY }) => {
        if (target === currentTarget && Math.hypot(clientX - pressed.current.x, clientY - pressed.current.y) < 4) onAway();
      }}
    >
      <img
        ref={picture}
        src={exhibit.src}
        alt={exhibit.name}
        draggable={false}
        className={exhibit.kind === 'drawing' ? 'size-full min-h-0 object-contain' : 'max-h-full min-h-0 max-w-full object-contain'}
      />
      <div
        role="toolbar"
        aria-label={t`Zoom`}
        className="panzoom-exclude absolute bottom-4 left-1/2 flex -translate-x-1/2 items-center rounded-full border border-line bg-raised px-1 shadow-lift"
      >
        <IconButton label={t`Zoom out`} round disabled={scale <= 0.5} onClick={() => lens.current?.zoomOut()}>
          <ZoomOut className="size-4" aria-hidden="true" />
        </IconButton>
        <output className="w-14 text-center text-sm tabular-nums">{percent}%</output>
        <IconButton label={t`Zoom in`} round disabled={scale >= closest} onClick={() => lens.current?.zoomIn()}>
          <ZoomIn className="size-4" aria-hidden="true" />
        </IconButton>
        <IconButton label={t`Fit to window`} round onClick={() => lens.current?.reset()}>
          <Maximize className="size-4" aria-hidden="true" />
        </IconButton>
      </div>
    </div>
  );
}

function Downloads({ exhibit, onFailure }: { exhibit: Exhibit; onFailure: (sentence: string) => void }) {
  if (exhibit.kind === 'text') return <CopyButton text={exhibit.text} label={t`Copy text`} onFailure={onFailure} />;
  if (exhibit.kind === 'picture') {
    return (
      <IconButton label={t`Download`} onClick={() => savePicture(exhibit.src, exhibit.name)}>
        <Download className="size-4.5" aria-hidden="true" />
      </IconButton>
    );
  }
  const noPng = (): void => onFailure(t`Your browser can’t turn this diagram into a PNG. Download it as SVG instead.`);
  return (
    <>
      <Button look="quiet" title={t`Download as SVG`} onClick={() => saveSvg(exhibit, ground())}>
        <Download className="size-4" aria-hidden="true" />
        SVG
      </Button>
      <Button look="quiet" title={t`Download as PNG`} onClick={() => void savePng(exhibit, ground()).catch(noPng)}>
        <Download className="size-4" aria-hidden="true" />
        PNG
      </Button>
    </>
  );
}

function ground(): string {
  return getComputedStyle(document.body).backgroundColor;
}
