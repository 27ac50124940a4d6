/** The activities of a conversation in sequence, and what each of them excludes. */
import { beforeEach, expect, test, vi } from 'vitest';
import { Conversation } from './conversation';
import { events, finish, posts, reply, says, server, shown, startServer, stored, stream, type Chunk } from './testing';

beforeEach(startServer);

/** An open chat with one question and its reply. */
async function opened(more: typeof server.answers = {}): Promise<Conversation> {
  server.answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
    ...more,
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  return conversation;
}

test('of what is asked for in one breath the first is asked for', async () => {
  const conversation = await opened({ 'POST /api/ai/chat': () => stream(reply('Again', ...finish)) });
  await Promise.all([conversation.goOn(), conversation.goOn(), conversation.regenerate('a1')]);
  expect(posts.map(({ trigger }) => trigger)).toEqual(['submit-message']);
});

test('a message that comes while another is on its way waits, and disturbs nothing', async () => {
  const conversation = await opened({ 'POST /api/ai/chat': () => stream([{ type: 'start', messageId: 'a2' }, ...reply('Hi', ...finish).slice(1)]) });
  const [first, second] = [says('One'), says('Two')];
  await Promise.all([conversation.send(first), conversation.send(second)]);
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(second.id, null);
  expect(events.onTaken).toHaveBeenCalledExactlyOnceWith(first.id, '42');
  expect(shown(conversation)).toEqual(['Hello', 'There', 'One', 'Hi']);
});

test('a continuation that failed is forgotten with the next question: what fails then is made again', async () => {
  const conversation = await opened({ 'POST /api/ai/chat': () => Response.json({}, { status: 503 }) });
  await conversation.goOn();
  expect(conversation.activity).toMatchObject({ kind: 'failed', purpose: 'continuation' });
  server.answers['POST /api/ai/chat'] = () => stream([{ type: 'start', messageId: 'a2' }, ...reply('Half').slice(1), { type: 'error', errorText: 'No.' }]);
  await conversation.send(says('More'));
  await conversation.retry();
  expect(posts.map(({ trigger }) => trigger)).toEqual(['submit-message', 'submit-message', 'regenerate-message']);
});

test('that it cannot be seen whether a reply runs is nobody’s business where none is awaited', async () => {
  const conversation = await opened({ 'GET /api/ai/chat/42/stream': () => Response.json({}, { status: 503 }) });
  expect(conversation.activity).toEqual({ kind: 'idle' });
  expect(conversation.chat.status).toBe('ready');
});

test('a look that failed for good is tried again by looking, and no reply is made again', async () => {
  const conversation = await opened({ 'GET /api/ai/chat/42/stream': () => Response.json({ code: 'forbidden' }, { status: 403 }) });
  expect(conversation.activity).toMatchObject({ kind: 'failed', purpose: 'look' });
  server.answers['GET /api/ai/chat/42/stream'] = () => new Response(null, { status: 204 });
  await conversation.retry();
  expect(posts).toEqual([]);
  expect(conversation.activity).toEqual({ kind: 'idle' });
});

test('a reply that is not there cannot be made again, and the chat goes on', async () => {
  const conversation = await opened();
  await conversation.regenerate('gone');
  expect(conversation.activity.kind).toBe('failed');
  server.answers['POST /api/ai/chat'] = () => stream([{ type: 'start', messageId: 'a2' }, ...reply('Hi', ...finish).slice(1)]);
  await conversation.send(says('More'));
  expect(conversation.activity).toEqual({ kind: 'idle' });
});

test('while a reply runs nothing else is asked for, and a message that is brought on screen does not stop it', async () => {
  let end: () => void = () => {};
  const conversation = await opened({
    'POST /api/ai/chat': () => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          const write = (chunks: Chunk[]): void => chunks.forEach((chunk) => controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`)));
          write([{ type: 'start', messageId: 'a2' }, ...reply('Half').slice(1)]);
          end = () => {
            write(finish);
            controller.close();
          };
        },
      });
      return new Response(body);
    },
  });
  const sent = conversation.send(says('More'));
  await vi.waitFor(() => expect(shown(conversation)).toContain('Half'));
  let joins = 0;
  server.answers['GET /api/ai/chat/42/stream'] = () => {
    joins++;
    return new Response(null, { status: 204 });
  };
  await conversation.showMessage('elsewhere');
  expect(conversation.activity).toEqual({ kind: 'replying' });
  expect(joins).toBe(0);
  await conversation.goOn();
  expect(posts).toHaveLength(1);
  end();
  await sent;
  expect(shown(conversation).at(-1)).toBe('Half');
  expect(conversation.activity).toEqual({ kind: 'idle' });
});

test('a failure that is dismissed is not spoken of, and the next message can go', async () => {
  const conversation = await opened({ 'POST /api/ai/chat': () => Response.json({}, { status: 503 }) });
  await conversation.goOn();
  conversation.dismiss();
  expect(conversation.activity).toEqual({ kind: 'idle' });
});

test('messages that were read while something was asked for change nothing of that', async () => {
  let read: (response: Response) => void = () => {};
  const conversation = await opened();
  server.answers['GET /api/ai/sessions/42/messages'] = () => new Promise<Response>((resolve) => (read = resolve)) as unknown as Response;
  server.answers['POST /api/ai/chat'] = () => new Promise<never>(() => undefined) as unknown as Response;
  const opening = conversation.open();
  await Promise.resolve();
  void conversation.goOn();
  await vi.waitFor(() => expect(posts).toHaveLength(1));
  read(Response.json(stored('Old')));
  await opening;
  expect(conversation.activity).toEqual({ kind: 'asking', message: null });
  expect(shown(conversation)).toEqual(['Hello', 'There']);
});
