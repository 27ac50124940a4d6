import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { sayError } from '../stores/sayError';
import { change } from '../stores/sessionPages';
import { seenIn } from '../text/seen';

/** Saves the result of a RenameForm; a title without visible characters is none. False if it was refused, and the writer has seen why. */
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
