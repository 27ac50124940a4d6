import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { Button } from './Button';
import { Notice } from './Notice';
import { Sheet } from './Sheet';

/**
 * A form above the page. `onSubmit` gets the entered values; `onClose`: the sheet has been closed. `draft`: what was typed survives closing, unless
 * it is discarded.
 */
export function FormSheet({
  title,
  name,
  action,
  busy,
  problem,
  danger = false,
  draft,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  name: string;
  action: string;
  busy: boolean;
  problem: string | null;
  danger?: boolean;
  draft?: { changed: boolean; discard: () => void };
  onSubmit: (data: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Sheet title={title} name={name} width="w-[min(34rem,calc(100vw-2rem))]" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(new FormData(event.currentTarget));
        }}
        onKeyDown={(event) => event.stopPropagation()}
        className="grid gap-4"
      >
        {children}
        {problem !== null && <Notice sentence={problem} />}
        <div className="flex flex-wrap justify-end gap-2">
          {draft?.changed === true && (
            <Button
              look="quiet"
              className="mr-auto pointer-coarse:h-11"
              onClick={({ currentTarget: { form } }) => {
                form?.querySelector<HTMLElement>('[data-first]')?.focus(); // the button disappears
                draft.discard();
              }}
            >
              {t`Discard changes`}
            </Button>
          )}
          <Button data-first={danger || undefined} className="pointer-coarse:h-11" onClick={(event) => event.currentTarget.closest('dialog')?.close()}>{t`Cancel`}</Button>
          <Button type="submit" look={danger ? 'danger' : 'accent'} className="pointer-coarse:h-11" disabled={busy}>{action}</Button>
        </div>
      </form>
    </Sheet>
  );
}
