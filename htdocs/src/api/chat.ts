import type { FileUIPart } from 'ai';
import { call } from './http';
import type { Choice } from './models';

/** A message that is being sent to the server. */
export interface Outgoing {
  /** The same for every attempt, so the server stores the message once. */
  id: string;
  text: string;
  files: FileUIPart[];
  /** The message that it replaces, as a branch of its own. */
  edits: string | null;
  /** The model to ask, if the writer has chosen one. */
  choice?: Choice;
}

/** A network that does not respond must not hold up the other tabs. This is also how long the reply is read at most. */
const answerLimit = 10 * 60_000;

/**
 * Sends a message without following its reply, which is written all the same; resolves to the session. If the list contains nothing that the server
 * knows, the server appends the message to the session.
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
  // Reads to the end, because a server may end a reply whose reader has gone.
  void response.body?.pipeTo(new WritableStream()).catch(() => undefined);
  return response.headers.get('x-session-id');
}
