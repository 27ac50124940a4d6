/** Checks a reply's stream: it must not be silent for long, and must announce its end. */
import type { UIMessageChunk } from 'ai';
import { LostConnectionError } from './problem';

type Bytes = ReadableStream<Uint8Array<ArrayBuffer>>;

/** The server sends something at least every 15 s, if only a comment. */
const silenceLimit = 60_000;
/** A page that returns to a silence of this length does not wait any longer. */
const heartbeatLimit = 20_000;

/** Passes the same bytes on; if the body breaks off or falls silent, it fails as a lost connection, whatever the browser calls it. */
export function noticeBreak(body: Bytes): Bytes {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await notSilent(reader.read());
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(isAbort(error) ? error : new LostConnectionError());
        await reader.cancel();
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

const terminalChunks: ReadonlySet<string> = new Set(['finish', 'error', 'abort']);

/** Passes all chunks on, and fails if the stream ends without a terminal chunk. */
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

async function notSilent<T>(read: Promise<T>): Promise<T> {
  const since = Date.now();
  let stopWatching = (): void => {};
  const silence = new Promise<never>((_, reject) => {
    const lost = (): void => reject(new LostConnectionError());
    const timer = setTimeout(lost, silenceLimit);
    // The clock of a device that slept is unreliable, and its connection is gone.
    const woken = (): void => {
      if (document.visibilityState === 'visible' && Date.now() - since > heartbeatLimit) lost();
    };
    window.addEventListener('online', woken);
    document.addEventListener('visibilitychange', woken);
    stopWatching = () => {
      clearTimeout(timer);
      window.removeEventListener('online', woken);
      document.removeEventListener('visibilitychange', woken);
    };
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    stopWatching();
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
