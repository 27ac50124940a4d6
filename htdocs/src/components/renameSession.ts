import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { sayError } from '../stores/sayError';
import { change } from '../stores/sessionPages';

/** What a RenameForm gives: an empty title is none. */
export async function renameSession(session: Session, title: string): Promise<void> {
  if (title === '' || title === session.title) return;
  await change(session, { title }).catch((error: unknown) => sayError(sentenceOf(error)));
}
