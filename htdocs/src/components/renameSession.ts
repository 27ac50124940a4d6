import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { change } from '../stores/sessionPages';

/** What a RenameForm gives: an empty title is none. */
export async function renameSession(session: Session, title: string): Promise<void> {
  if (title === '' || title === session.title) return;
  await change(session, { title }).catch((error: unknown) => toast.error(sentenceOf(error)));
}
