import type { FileUIPart } from 'ai';
import { call } from './http';
import type { Choice } from './models';

/** A message on its way to the server. */
export interface Outgoing {
  /** The same each time it is sent: the server takes it once. */
  id: string;
  text: string;
  files: FileUIPart[];
  /** The message that it takes the place of, as a branch of its own. */
  edits: string | null;
  /** Who is to be asked, where its writer has chosen. */
  choice?: Choice;
}

/** A network that says nothing must not hold up the other tabs. Also the longest that the reply is read along. */
const answerLimit = 10 * 60_000;

/**
 * Sends a message and does not follow its reply, which is written all the same; resolves to the session. The server puts a message whose list
 * holds nothing that it knows at the end of the session.
 */
export async function postMessage({ id, text, files, choice, chatId, sessionId }: Outgoing & { chatId: string; sessionId: string | null }): Promise<string | null> {
  const parts = [...files, ...(text === '' ? [] : [{ type: 'text', text }])];
  const response = await call('POST', 'ai/chat', {
    ...(sessionId !== null && { sessionId }),
    id: chatId,
    messages: [{ id, role: 'user', parts }],
    trigger: 'submit-message',
    ...choice,
  }, { signal: AbortSignal.timeout(answerLimit) });
  // Read to its end, for a server that ends a reply whose reader has gone.
  void response.body?.pipeTo(new WritableStream()).catch(() => undefined);
  return response.headers.get('x-session-id');
}
