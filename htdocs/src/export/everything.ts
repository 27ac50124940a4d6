/**
 * Exports everything of one's own, read page by page and written to disk as it arrives: no more than a page is in memory, however much it is. A
 * failed page is requested again, so a lost network costs one page; if the server's limits delay a page, the export waits.
 */
import { makeZip } from 'client-zip';
import { call, linkedQuery } from '../api/http';
import type { Message } from '../api/messages';
import type { Model } from '../api/models';
import { ApiError } from '../api/problem';
import type { Session } from '../api/sessions';
import { connectionPause } from '../chat/pause';
import { openSink, type Sink } from '../kept/exported';
import { save, fileName } from './download';
import { blocksOf, headOf, namedModels } from './markdown';

export type Kind = 'zip' | 'jsonl';

export interface Progress {
  sessions: number;
  /** The total, once the server has given it. */
  of: number;
  bytes: number;
}

type Line =
  | { type: 'account'; sessions: number }
  | { type: 'session'; session: Session; instructions?: string }
  | { type: 'message'; sessionId: string; shown: boolean; message: Message }
  | { type: 'other' };

const encoder = new TextEncoder();
const waits = [1, 2, 5, 10, 20, 30, 30, 30];

/** Reads everything and offers it as a file. Rejects if it is cancelled or cannot be read. */
export async function exportEverything(kind: Kind, signal: AbortSignal, onProgress: (progress: Progress) => void): Promise<void> {
  const name = `lamplight-${new Date().toISOString().slice(0, 10)}`;
  const lines = await openSink(`${name}-${Date.now()}.jsonl`);
  const pages = readPages(lines, signal, onProgress);
  if (kind === 'jsonl') {
    for await (const _ of pages);
    save(`${name}.jsonl`, await lines.finish());
    return;
  }
  const models = await namedModels();
  const zip = await openSink(`${name}-${Date.now()}.zip`);
  await pour(makeZip(entries(linesOf(pages), lines, models)), zip, signal);
  save(`${name}.zip`, await zip.finish());
}

/** Yields each page when it has been written. */
async function* readPages(lines: Sink, signal: AbortSignal, onProgress: (progress: Progress) => void): AsyncGenerator<string> {
  const progress: Progress = { sessions: 0, of: 0, bytes: 0 };
  for (let query: string | null = ''; query !== null; ) {
    const { text, next }: { text: string; next: string | null } = await readPage(query, signal);
    const bytes = encoder.encode(text);
    await lines.write(bytes);
    const [, of] = /^\{"type":"account",.*"sessions":(\d+)\}\n/.exec(text) ?? [];
    if (of !== undefined) progress.of = Number(of);
    progress.sessions += text.match(/^\{"type":"session",/gm)?.length ?? 0;
    progress.bytes += bytes.length;
    onProgress({ ...progress });
    yield text;
    query = next;
  }
}

async function readPage(query: string, signal: AbortSignal): Promise<{ text: string; next: string | null }> {
  for (let attempt = 0; ; attempt++) {
    try {
      const response = await call('GET', `ai/sessions/export${query}`, undefined, { signal });
      return { text: await response.text(), next: linkedQuery(response.headers.get('link'), 'next') };
    } catch (error) {
      const seconds = error instanceof ApiError ? (error.waitSeconds ?? waits[attempt]) : waits[attempt];
      const passes = !(error instanceof ApiError) || error.status === 429 || error.status >= 500;
      if (signal.aborted || !passes || attempt >= waits.length || seconds === undefined) throw error;
      await connectionPause(seconds * 1000, signal);
      signal.throwIfAborted();
    }
  }
}

async function* linesOf(pages: AsyncIterable<string>): AsyncGenerator<Line> {
  for await (const page of pages) for (const line of page.split('\n')) if (line !== '') yield JSON.parse(line) as Line;
}

interface Entry {
  name: string;
  lastModified?: string;
  input: AsyncIterable<string> | ReadableStream<Uint8Array<ArrayBuffer>>;
}

/**
 * A Markdown file for each chat as it is shown, and at the end the file of all lines. They come in sequence: one file is read before the next begins.
 */
async function* entries(lines: AsyncGenerator<Line>, written: Sink, models: readonly Model[]): AsyncGenerator<Entry> {
  const names = new Set<string>();
  let line = await lines.next();
  while (line.done !== true) {
    const { value } = line;
    if (value.type !== 'session') {
      line = await lines.next();
      continue;
    }
    const { session, instructions } = value;
    yield {
      name: unique(`chats/${session.createTime.slice(0, 10)} ${fileName(session, 'md')}`, names),
      lastModified: session.updateTime,
      input: (async function* () {
        yield headOf(session, instructions);
        for (line = await lines.next(); line.done !== true && line.value.type !== 'session'; line = await lines.next()) {
          if (line.value.type === 'message' && line.value.shown) yield `\n\n${blocksOf(line.value.message, models).join('\n\n')}`;
        }
        yield '\n';
      })(),
    };
  }
  yield { name: 'everything.jsonl', input: (await written.finish()).stream() };
}

function unique(name: string, names: Set<string>): string {
  let free = name;
  for (let n = 2; names.has(free.toLowerCase()); n++) free = name.replace(/\.md$/, ` (${n}).md`);
  names.add(free.toLowerCase());
  return free;
}

async function pour(stream: ReadableStream<Uint8Array>, sink: Sink, signal: AbortSignal): Promise<void> {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    signal.throwIfAborted();
    if (done) return;
    await sink.write(value as Uint8Array<ArrayBuffer>);
  }
}
