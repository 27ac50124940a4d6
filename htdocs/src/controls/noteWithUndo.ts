import { t } from '@lingui/core/macro';
import { toast } from 'sonner';
import { offerUndo } from '../stores/undo';

const undoTime = 8000;

/** Says what was done and offers to undo it, with the button or the keyboard, until the toast disappears. Returns a function that closes it. */
export function noteWithUndo(sentence: string, undo: () => void, over: () => void = () => {}): () => void {
  const close = (): void => void toast.dismiss(id);
  const withdraw = offerUndo({
    undo: () => {
      undo();
      close();
    },
    close,
  });
  const end = (): void => {
    withdraw();
    over();
  };
  const onClick = (): void => {
    withdraw();
    undo();
  };
  const id = toast(sentence, { duration: undoTime, classNames: { title: 'line-clamp-3 wrap-anywhere' }, action: { label: t`Undo`, onClick }, onAutoClose: end, onDismiss: end });
  return close;
}
