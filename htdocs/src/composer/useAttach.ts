import { t } from '@lingui/core/macro';
import { readConfig } from '../api/config';
import { sentenceOf } from '../api/problem';
import { asPart, refusal, roomFor } from '../chat/files';
import { useAttachments } from '../stores/attachments';
import { sayError } from '../stores/sayError';

/**
 * Adds files to the message that is being written; says at once which cannot be sent, and why. `place`: the place of its draft, which may change
 * while files are read in a new chat.
 */
export function useAttach(place: () => string): (files: Iterable<File>) => Promise<void> {
  return async (files) => {
    try {
      const room = roomFor((await readConfig()).maxBodyBytes);
      for (const file of files) await attach(place, file, room);
    } catch (error) {
      sayError(sentenceOf(error));
    }
  };
}

async function attach(place: () => string, file: File, room: number): Promise<void> {
  const { files, put } = useAttachments.getState();
  const why = refusal(file, files[place()] ?? [], room);
  if (why !== null) {
    sayError(why);
    return;
  }
  const { name } = file;
  const part = await asPart(file).catch(() => null);
  if (part === null) sayError(t`Can’t read ${name}.`);
  else put(place(), [part]);
}
