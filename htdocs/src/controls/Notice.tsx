import { t } from '@lingui/core/macro';
import { CircleAlert, Info, RotateCcw } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { focusComposer } from '../fields/focusComposer';
import { Button } from './Button';

/** What went wrong, in one sentence, and the way out. `calm`: nothing went wrong; this is for information only. */
export function Notice({
  sentence,
  calm = false,
  onRetry = null,
  retryLabel,
}: {
  sentence: string;
  calm?: boolean;
  onRetry?: (() => void) | null;
  retryLabel?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  // After its button was pressed, the focus moves to what has replaced it, such as a page or a chat.
  useLayoutEffect(() => {
    const element = box.current;
    return () => {
      if (element?.contains(document.activeElement)) setTimeout(() => document.activeElement === document.body && goOn());
    };
  }, []);
  const Icon = calm ? Info : CircleAlert;
  return (
    <div
      ref={box}
      role={calm ? 'status' : 'alert'}
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl px-4 py-3 text-sm ${calm ? 'bg-panel' : 'bg-danger-soft text-danger'}`}
    >
      <span className="flex min-w-0 flex-1 basis-60 items-start gap-2.5">
        <Icon className={`mt-0.5 size-4 shrink-0 ${calm ? 'text-soft' : ''}`} aria-hidden="true" />
        <span>{sentence}</span>
      </span>
      {onRetry !== null && (
        <Button onClick={onRetry} className="text-ink">
          {retryLabel === undefined && <RotateCcw className="size-3.5" aria-hidden="true" />}
          {retryLabel ?? t`Try again`}
        </Button>
      )}
    </div>
  );
}

function goOn(): void {
  const heading = document.querySelector<HTMLElement>('main h1[tabindex]');
  if (heading === null) focusComposer();
  else heading.focus();
}
