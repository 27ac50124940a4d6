import { plural, t } from '@lingui/core/macro';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { startDeletion } from '../stores/deletion';

const undoTime = 8000;

/** The sessions go from the page at once, and for good when the note that offers to undo it has gone. */
export function deleteWithUndo(sessions: Session[]): void {
  const deletion = startDeletion(sessions.map(({ id }) => id));
  const finish = (): void => void deletion.finish().catch((error: unknown) => toast.error(sentenceOf(error)));
  const count = sessions.length;
  const title = sessions[0]?.title ?? '';
  toast(count === 1 && title !== '' ? t`“${title}” was deleted.` : plural(count, { one: '# chat was deleted.', other: '# chats were deleted.' }), {
    duration: undoTime,
    action: { label: t`Undo`, onClick: deletion.undo },
    onAutoClose: finish,
    onDismiss: finish,
  });
}
