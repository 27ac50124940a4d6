import { DefaultChatTransport, type UIMessageChunk } from 'ai';
import { apiUrl } from '../base';
import { authorizedFetch, call } from './http';
import type { Message } from './messages';
import { LostConnectionError } from './problem';

/**
 * The chat transport: `useChat`'s default one, with our login, with the session id in the body of every
 * request, and strict about the end: a body that ends without a terminal chunk is a lost connection
 * (a worker or proxy that dies in mid-stream looks like a clean end of the body).
 */
export class SessionTransport extends DefaultChatTransport<Message> {
  constructor(session: { id: () => string | null; learned: (id: string) => void }) {
    super({
      api: apiUrl('ai/chat'),
      // A function, so that it is read for every request and can never be stale.
      body: () => {
        const sessionId = session.id();
        return sessionId === null ? {} : { sessionId };
      },
      fetch: async (input, init) => {
        const response = await authorizedFetch(input, init);
        const sessionId = response.headers.get('x-session-id');
        if (sessionId !== null) session.learned(sessionId);
        return response;
      },
      prepareReconnectToStreamRequest: ({ id }) => ({
        api: apiUrl(`ai/chat/${encodeURIComponent(session.id() ?? id)}/stream`),
      }),
    });
  }

  protected override processResponseStream(body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<UIMessageChunk> {
    return super.processResponseStream(noticeBreak(body)).pipeThrough(requireEnd());
  }
}

const terminalChunks: ReadonlySet<string> = new Set(['finish', 'error', 'abort']);

/** Passes all chunks on and fails at the end of a stream that had no terminal chunk. */
export function requireEnd(): TransformStream<UIMessageChunk, UIMessageChunk> {
  let ended = false;
  return new TransformStream({
    transform(chunk, controller) {
      ended ||= terminalChunks.has(chunk.type);
      controller.enqueue(chunk);
    },
    flush(controller) {
      if (!ended) controller.error(new LostConnectionError());
    },
  });
}

/** The same bytes; a body that breaks off fails as a lost connection, whatever the browser calls it. */
function noticeBreak(body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        const aborted = error instanceof DOMException && error.name === 'AbortError';
        controller.error(aborted ? error : new LostConnectionError());
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Ends the running reply on the server, which keeps its text and then finishes the stream. */
export async function stopReply(sessionId: string): Promise<void> {
  await call('POST', `ai/chat/${sessionId}/stop`);
}
