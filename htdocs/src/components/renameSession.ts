import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { sayError } from '../stores/sayError';
import { change } from '../stores/sessionPages';
import { seenIn } from '../text/seen';

/** What a RenameForm gives: a title of which nothing is seen is none. False: it was not taken, and its writer has been told why. */
export async function renameSession(session: Session, title: string): Promise<boolean> {
  if (seenIn(title) === '' || title === session.title) return true;
  try {
    await change(session, { title });
    return true;
  } catch (error) {
    sayError(sentenceOf(error));
    return false;
  }
}
