/** A fake server for one conversation; it records what was sent. */
import { vi } from 'vitest';
import { keepLogin } from '../api/token';
import type { Conversation } from './conversation';

export type Chunk = Record<string, unknown>;

export const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn(), onMissing: vi.fn() };
let sent = 0;
export const says = (text: string) => ({ id: `m${++sent}`, text, files: [], edits: null as string | null });

/** The bodies of all posts. */
export const posts: Record<string, unknown>[] = [];

/** The answers, by method and path. */
export const server: { answers: Record<string, () => Response> } = { answers: {} };

export const stream = (chunks: Chunk[], headers: Record<string, string> = {}) =>
  new Response(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''), { headers });

export const reply = (text: string, ...end: Chunk[]): Chunk[] => [
  { type: 'start', messageId: 'a1' },
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: text },
  ...end,
];
export const finish = [{ type: 'text-end', id: 't' }, { type: 'finish', finishReason: 'stop' }];
export const stored = (text: string) => [
  { id: '7', role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
  { id: 'a1', role: 'assistant', parts: [{ type: 'text', text, state: 'done' }] },
];

/** Call this before each test. */
export function startServer(): void {
  vi.clearAllMocks();
  posts.length = 0;
  keepLogin({ accessToken: 'token', expiresIn: 900, user: { id: '1', username: 'ada' } });
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    const key = `${init.method} ${input.replace(/\?.*/, '')}`;
    if (typeof init.body === 'string') posts.push(JSON.parse(init.body) as Record<string, unknown>);
    const answer = server.answers[key];
    if (answer === undefined) throw new Error(`unexpected ${key}`);
    const aborted = new Promise<never>((_, reject) => init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))));
    return Promise.race([answer(), aborted]);
  });
}

export function shown(conversation: Conversation): string[] {
  return conversation.chat.messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
}
