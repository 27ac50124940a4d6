import { DefaultChatTransport, type UIMessageChunk } from 'ai';
import { apiUrl } from '../base';
import { authorizedFetch, call } from './http';
import type { Choice } from './models';
import type { Message } from './messages';
import { noticeBreak, requireEnd } from './stream';

/** What a transport needs to know about its session, and reports to it. */
interface SessionLink {
  id: () => string | null;
  /** The model to ask, if one was chosen. */
  choice: () => Choice;
  /** The server has accepted the post; null: it has not named the session. */
  taken: (sessionId: string | null) => void;
  /** A running reply is being received. */
  joined: () => void;
}

/**
 * `useChat`'s default transport, with our login and with the session id in every request body. It insists on an announced end: a worker or proxy that
 * dies in mid-stream looks like a clean end of the body.
 */
export class SessionTransport extends DefaultChatTransport<Message> {
  constructor(session: SessionLink) {
    super({
      api: apiUrl('ai/chat'),
      // A function, so that it is evaluated for every request and never stale.
      body: () => {
        const sessionId = session.id();
        return { ...(sessionId !== null && { sessionId }), ...session.choice() };
      },
      fetch: async (input, init) => {
        const response = await authorizedFetch(input, init);
        if (init?.method === 'POST') session.taken(response.headers.get('x-session-id'));
        else if (response.status === 200) session.joined();
        return response;
      },
      prepareSendMessagesRequest: ({ body, id, messages, trigger, messageId }) => ({
        body: { ...body, id, messages: session.id() === null ? messages : freshEnd(messages), trigger, messageId },
      }),
      prepareReconnectToStreamRequest: ({ id }) => ({
        api: apiUrl(`ai/chat/${encodeURIComponent(session.id() ?? id)}/stream`),
      }),
    });
  }

  protected override processResponseStream(body: ReadableStream<Uint8Array<ArrayBuffer>>): ReadableStream<UIMessageChunk> {
    return super.processResponseStream(noticeBreak(body)).pipeThrough(requireEnd());
  }
}

/**
 * The server keeps the history, and reads from the list only what is new and what it follows. So a stored session sends only its end, from the last
 * reply on, and not megabytes of old messages and files.
 */
function freshEnd(messages: Message[]): Message[] {
  const known = messages.slice(0, -1).findLastIndex(({ role }) => role === 'assistant');
  return messages.slice(Math.max(known, 0));
}

/** Stops the running reply on the server, which keeps its text and then ends the stream. */
export async function stopReply(sessionId: string): Promise<void> {
  await call('POST', `ai/chat/${sessionId}/stop`);
}
