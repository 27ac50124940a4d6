import { plural, t } from '@lingui/core/macro';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { noteWithUndo } from '../controls/noteWithUndo';
import { startDeletion } from '../stores/deletion';

/** The sessions disappear from the page at once, and are deleted when the toast that offers to undo it has gone. */
export function deleteWithUndo(sessions: Session[]): void {
  const deletion = startDeletion(sessions.map(({ id }) => id));
  const finish = (): void => void deletion.finish().catch((error: unknown) => toast.error(sentenceOf(error)));
  const count = sessions.length;
  const title = sessions[0]?.title ?? '';
  noteWithUndo(
    count === 1 && title !== '' ? t`“${title}” was deleted.` : plural(count, { one: '# chat was deleted.', other: '# chats were deleted.' }),
    deletion.undo,
    finish,
  );
}
