import type { UIMessageChunk } from 'ai';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LostConnectionError } from './problem';
import { noticeBreak, requireEnd } from './stream';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A body whose bytes arrive when the test says so. */
function body() {
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  const cancelled = vi.fn();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (given) => void (controller = given), cancel: cancelled });
  return {
    stream,
    cancelled,
    says: (text: string) => controller.enqueue(new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>),
    ends: () => controller.close(),
    breaks: (error: Error) => controller.error(error),
  };
}

test('the bytes of a body and its end pass unchanged', async () => {
  const { stream, says, ends } = body();
  says('data: 1');
  ends();
  expect(await new Response(noticeBreak(stream)).text()).toBe('data: 1');
});

test('a body that breaks off is a lost connection', async () => {
  const { stream, breaks } = body();
  const read = noticeBreak(stream).getReader().read();
  breaks(new TypeError('network error'));
  await expect(read).rejects.toBeInstanceOf(LostConnectionError);
});

test('a body that we end ourselves is not a lost connection', async () => {
  const { stream, breaks } = body();
  const read = noticeBreak(stream).getReader().read();
  breaks(new DOMException('stopped', 'AbortError'));
  await expect(read).rejects.toHaveProperty('name', 'AbortError');
});

test('a minute of silence is a lost connection, and the body is let go', async () => {
  const { stream, cancelled } = body();
  const read = noticeBreak(stream).getReader().read();
  const refused = expect(read).rejects.toBeInstanceOf(LostConnectionError);
  await vi.advanceTimersByTimeAsync(60_000);
  await refused;
  expect(cancelled).toHaveBeenCalled();
});

test.each([
  ['a short', 15_000, 'nothing'],
  ['a long', 30_000, 'lost'],
])('a page that is looked at again after %s silence', async (_, silence, outcome) => {
  const { stream } = body();
  const lost = noticeBreak(stream).getReader().read().catch(() => 'lost');
  await vi.advanceTimersByTimeAsync(silence);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(await Promise.race([lost, vi.advanceTimersByTimeAsync(10).then(() => 'nothing')])).toBe(outcome);
});

async function passed(...chunks: UIMessageChunk[]): Promise<unknown[]> {
  const out: unknown[] = [];
  const source = new ReadableStream<UIMessageChunk>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  for (const reader = source.pipeThrough(requireEnd()).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return out;
    out.push(value);
  }
}

test('a stream says that it ends', async () => {
  for (const end of [{ type: 'finish' }, { type: 'abort' }, { type: 'error', errorText: 'no' }] as UIMessageChunk[]) {
    expect(await passed({ type: 'start' }, end)).toHaveLength(2);
  }
  await expect(passed({ type: 'start' })).rejects.toBeInstanceOf(LostConnectionError);
});
