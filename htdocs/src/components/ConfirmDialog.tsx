import { useEffect, useRef, useState } from 'react';
import { sentenceOf } from '../api/problem';
import { Button } from './Button';
import { Notice } from './Notice';

/** Asks before something is done that cannot be undone. Mounted while it asks. */
export function ConfirmDialog({
  title,
  explanation,
  action,
  onConfirm,
  onClose,
}: {
  title: string;
  explanation: string;
  action: string;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => dialog.current?.showModal(), []);

  async function confirm(): Promise<void> {
    setProblem(null);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(sentenceOf(error));
    }
  }

  return (
    <dialog
      ref={dialog}
      aria-label={title}
      onClose={onClose}
      className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-6 text-ink shadow-lift"
    >
      <h2 className="text-lg font-semibold">{title}</h2>
      <p className="mt-2 text-sm text-soft wrap-anywhere">{explanation}</p>
      {problem !== null && (
        <div className="mt-4">
          <Notice sentence={problem} />
        </div>
      )}
      <div className="mt-6 flex justify-end gap-2">
        <Button onClick={() => dialog.current?.close()} autoFocus>
          Cancel
        </Button>
        <Button look="danger" onClick={() => void confirm()}>
          {action}
        </Button>
      </div>
    </dialog>
  );
}
