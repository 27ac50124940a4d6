import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { Button, IconButton } from '../controls/Button';
import { editInstructions, forAll, useInstructions } from '../stores/instructions';
import { showView } from '../stores/shell';
import { InstructionsForm } from './InstructionsForm';

/** Mounted while a session's instructions are edited. */
export default function InstructionsDialog({ sessionId }: { sessionId: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const own = useInstructions((state) => state.known[forAll]?.instructions ?? '');
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = (): void => dialog.current?.close();

  return (
    <dialog
      ref={dialog}
      aria-labelledby="instructions-title"
      onClose={() => editInstructions(null)}
      onKeyDown={(event) => event.stopPropagation()}
      className="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised text-ink shadow-lift"
    >
      <div className="p-6">
        <header className="mb-2 flex items-center justify-between gap-2">
          <h2 id="instructions-title" className="text-lg font-semibold">{t`Instructions for this chat`}</h2>
          <IconButton label={t`Close`} onClick={close}>
            <X className="size-4" aria-hidden="true" />
          </IconButton>
        </header>
        <InstructionsForm
          of={sessionId}
          focused
          label={t`Instructions for this chat`}
          hint={t`The model gets them with every message of this chat, from the next one on.`}
          onSaved={() => {
            close();
            toast.success(t`Instructions saved.`);
          }}
        >
          {own !== '' && (
            <Button
              look="quiet"
              className="mr-auto text-accent"
              onClick={() => {
                close();
                showView('account');
              }}
            >
              {t`Instructions for all chats`}
            </Button>
          )}
        </InstructionsForm>
      </div>
    </dialog>
  );
}
