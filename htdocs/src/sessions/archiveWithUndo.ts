import { t } from '@lingui/core/macro';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { noteWithUndo } from '../controls/noteWithUndo';
import { change } from '../stores/sessionPages';

/** The session leaves the list at once; an undo while the server is still processing waits for its answer. */
export function archiveWithUndo(session: Session): void {
  const archived = change(session, { archived: true });
  const { title } = session;
  const close = noteWithUndo(title === '' ? t`The chat was archived.` : t`“${title}” was archived.`, () => void restore());

  async function restore(): Promise<void> {
    if (await archived.then(() => true, () => false)) await change({ ...session, archived: true }, { archived: false }).catch(tell);
  }

  archived.catch((error: unknown) => {
    close();
    tell(error);
  });
}

function tell(error: unknown): void {
  toast.error(sentenceOf(error));
}
