import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { sayError } from '../stores/sayError';
import { change } from '../stores/sessionPages';
import { seenIn } from '../text/seen';

/** What a RenameForm gives: a title of which nothing is seen is none. */
export async function renameSession(session: Session, title: string): Promise<void> {
  if (seenIn(title) === '' || title === session.title) return;
  await change(session, { title }).catch((error: unknown) => sayError(sentenceOf(error)));
}
