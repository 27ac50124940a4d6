import { beforeEach, expect, test, vi } from 'vitest';
import { keepLogin } from '../api/token';
import { Conversation } from './conversation';

type Chunk = Record<string, unknown>;

const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() };
let sent = 0;
const says = (text: string) => ({ id: `m${++sent}`, text, files: [], edits: null as string | null });
let posts: Record<string, unknown>[];
let answers: Record<string, () => Response>;

const stream = (chunks: Chunk[], headers: Record<string, string> = {}) =>
  new Response(chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join(''), { headers });

const reply = (text: string, ...end: Chunk[]): Chunk[] => [
  { type: 'start', messageId: 'a1' },
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: text },
  ...end,
];
const finish = [{ type: 'text-end', id: 't' }, { type: 'finish', finishReason: 'stop' }];
const stored = (text: string) => [
  { id: '7', role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
  { id: 'a1', role: 'assistant', parts: [{ type: 'text', text, state: 'done' }] },
];

beforeEach(() => {
  vi.clearAllMocks();
  posts = [];
  keepLogin({ accessToken: 'token', expiresIn: 900, user: { id: '1', username: 'ada' } });
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    const key = `${init.method} ${input.replace(/\?.*/, '')}`;
    if (typeof init.body === 'string') posts.push(JSON.parse(init.body) as Record<string, unknown>);
    const answer = answers[key];
    if (answer === undefined) throw new Error(`unexpected ${key}`);
    const aborted = new Promise<never>((_, reject) => init.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))));
    return Promise.race([answer(), aborted]);
  });
});

function shown(conversation: Conversation): string[] {
  return conversation.chat.messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
}

test('the first message goes without a session id, the next one with the id that came back', async () => {
  answers = { 'POST /api/ai/chat': () => stream(reply('Hi', ...finish), { 'x-session-id': '42' }) };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  await conversation.send(says('More'));
  expect(posts.map(({ sessionId }) => sessionId)).toEqual([undefined, '42']);
  expect(events.onSession).toHaveBeenCalledExactlyOnceWith('42', 'Hello');
});

test('a session id in a data part is as good as the header', async () => {
  const named = { type: 'data-session', data: { sessionId: '43', userMessageIds: ['7'] }, transient: true };
  answers = { 'POST /api/ai/chat': () => stream(reply('Hi', named, ...finish)) };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  expect(conversation.sessionId).toBe('43');
});

test('a body that ends without "finish" is taken up again from the start of the reply', async () => {
  answers = {
    'POST /api/ai/chat': () => stream(reply('Hal'), { 'x-session-id': '42' }),
    'GET /api/ai/chat/42/stream': () => stream(reply('Half and whole', ...finish)),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('Half and whole')),
  };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  expect(shown(conversation)).toEqual(['Hello', 'Half and whole']);
  expect(conversation.chat.status).toBe('ready');
  expect(conversation.state.getState().reconnecting).toBe(false);
});

test('a lost reply that has ended meanwhile is read from the stored messages', async () => {
  answers = {
    'POST /api/ai/chat': () => stream(reply('Hal'), { 'x-session-id': '42' }),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('Half and whole')),
  };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  expect(shown(conversation)).toEqual(['Hello', 'Half and whole']);
});

test('a message that could not be sent is given back, and is taken once however often it is sent', async () => {
  let tries = 0;
  answers = {
    'POST /api/ai/chat': () =>
      ++tries === 1 ? Response.json({ detail: 'no model' }, { status: 503 }) : stream(reply('Hi', ...finish), { 'x-session-id': '42' }),
  };
  const conversation = new Conversation(null, events);
  const message = says('Hello');
  await conversation.send(message);
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(message.id, expect.objectContaining({ message: 'No model.' }));
  expect(events.onTaken).not.toHaveBeenCalled();
  expect(shown(conversation)).toEqual([]);
  expect(conversation.chat.status).toBe('ready');
  await conversation.send(message);
  expect(events.onTaken).toHaveBeenCalledExactlyOnceWith(message.id, '42');
  expect(posts.map(({ id, messages }) => [id, (messages as { id: string }[]).map(({ id }) => id)])).toEqual(
    Array(2).fill([conversation.chat.id, [message.id]]),
  );
  expect(posts[1]).toMatchObject({ trigger: 'submit-message' });
});

test('a message is taken when the answer begins, not when it ends well', async () => {
  answers = {
    'POST /api/ai/chat': () => stream([{ type: 'start', messageId: 'a1' }, { type: 'error', errorText: 'No.' }], { 'x-session-id': '42' }),
  };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  expect(events.onTaken).toHaveBeenCalledOnce();
  expect(events.onNotSent).not.toHaveBeenCalled();
  expect(conversation.chat.error?.message).toBe('No.');
});

test('who leaves the conversation before the server has answered loses nothing', async () => {
  answers = { 'POST /api/ai/chat': () => new Promise<never>(() => undefined) as unknown as Response };
  const conversation = new Conversation(null, events);
  const message = says('Hello');
  void conversation.send(message);
  await Promise.resolve();
  conversation.close();
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(message.id, null);
});

test('what was on screen stays when an edit cannot be sent; a later message is edited under an id of its own, the first by its own', async () => {
  const all = [...stored('There'), { id: '9', role: 'user', parts: [{ type: 'text', text: 'Second' }] }];
  answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(all),
    'POST /api/ai/chat': () => Response.json({ detail: 'away' }, { status: 503 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  for (const edits of ['9', '7']) {
    await conversation.send({ ...says('Changed'), edits });
    expect(shown(conversation)).toEqual(['Hello', 'There', 'Second']);
  }
  await conversation.send({ ...says('Changed'), edits: 'gone' });
  expect(posts).toHaveLength(2);
  expect(posts[0]).toMatchObject({ messages: [{ id: 'a1' }, { id: expect.stringMatching(/^m/) as string }] });
  expect(posts[0]).not.toHaveProperty('messageId');
  expect(posts[1]).toMatchObject({ messages: [{ id: '7' }], messageId: '7' });
  expect(events.onNotSent).toHaveBeenLastCalledWith(expect.any(String), expect.objectContaining({ status: 404 }));
});

test('where another tab is ahead, a refused message shows what is there now', async () => {
  answers = {
    'POST /api/ai/chat': () => Response.json({ code: 'reply_running' }, { status: 409 }),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.send(says('One more'));
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(expect.any(String), expect.objectContaining({ status: 409 }));
  expect(shown(conversation)).toEqual(['Hello', 'There']);
  expect(conversation.chat.error).toBeUndefined();
});

test('a reply that is cut again and again is taken up at once as long as it gets further', async () => {
  vi.useFakeTimers();
  let resumed = 0;
  answers = {
    'POST /api/ai/chat': () => stream(reply('1'), { 'x-session-id': '42' }),
    'GET /api/ai/chat/42/stream': () => stream(++resumed < 8 ? reply('12345678'.slice(0, resumed + 1)) : reply('12345678 and the end', ...finish)),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('12345678 and the end')),
  };
  const conversation = new Conversation(null, events);
  const told: boolean[] = [];
  conversation.state.subscribe(({ away }) => told.push(away));
  const sent = conversation.send(says('Hello'));
  await vi.advanceTimersByTimeAsync(2000);
  await sent;
  vi.useRealTimers();
  expect(shown(conversation)).toEqual(['Hello', '12345678 and the end']);
  expect(resumed).toBe(8);
  expect(told).not.toContain(true);
});

test('a reply that gets no further is tried ever less often, and that is told', async () => {
  vi.useFakeTimers();
  let resumed = 0;
  answers = {
    'POST /api/ai/chat': () => stream(reply('1'), { 'x-session-id': '42' }),
    'GET /api/ai/chat/42/stream': () => {
      resumed++;
      return stream(reply('1'));
    },
  };
  const conversation = new Conversation(null, events);
  void conversation.send(says('Hello'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(resumed).toBeGreaterThan(3);
  expect(resumed).toBeLessThan(8);
  expect(conversation.state.getState()).toMatchObject({ reconnecting: true, away: true });
  conversation.close();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
});

test('a session that could not be read is read when the page catches up', async () => {
  answers = {};
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(conversation.state.getState().phase).toBe('failed');
  answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
  };
  await conversation.catchUp();
  expect(conversation.state.getState().phase).toBe('ready');
  expect(shown(conversation)).toEqual(['Hello', 'There']);
});

test('a session that is not there is not asked for again', async () => {
  let asked = 0;
  const gone = (): Response => {
    asked++;
    return Response.json({ code: 'not_found' }, { status: 404 });
  };
  answers = { 'GET /api/ai/sessions/42/messages': gone };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.catchUp();
  expect(asked).toBe(1);
});

test('an answer to a tool that could not be sent is sent again, and the reply is not made anew', async () => {
  const call = { type: 'tool-ask', toolCallId: 'c', state: 'input-available', input: {} };
  answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json([stored('')[0], { id: 'a1', role: 'assistant', parts: [{ type: 'step-start' }, call] }]),
    'POST /api/ai/chat': () => Response.json({ detail: 'away' }, { status: 503 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.answerTool('ask', 'c', 'blue');
  expect(conversation.chat.error?.message).toBe('Away.');
  await conversation.retry();
  expect(posts).toHaveLength(2);
  expect(posts[1]).toMatchObject({ trigger: 'submit-message', messages: [{}, { parts: [{}, { output: 'blue' }] }] });
});

test('an unanswered question counts as being answered until the server says that nothing runs', async () => {
  const joining: boolean[] = [];
  answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('').slice(0, 1)),
    'GET /api/ai/chat/42/stream': () => {
      joining.push(conversation.state.getState().joining);
      return new Response(null, { status: 204 });
    },
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(joining).toEqual([true]);
  expect(conversation.state.getState().joining).toBe(false);
});

test('a reply that may not be followed at the moment is followed when it may', async () => {
  let tries = 0;
  answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(tries < 2 ? stored('').slice(0, 1) : stored('All of it')),
    'GET /api/ai/chat/42/stream': () =>
      ++tries < 2
        ? Response.json({ code: 'too_many_at_once' }, { status: 429, headers: { 'retry-after': '1' } })
        : stream(reply('All of it', ...finish)),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(tries).toBe(2);
  expect(shown(conversation)).toEqual(['Hello', 'All of it']);
  expect(conversation.chat.error).toBeUndefined();
  expect(conversation.busy).toBe(false);
});

test('a message that is refused for a limit is given back with the time to wait', async () => {
  answers = {
    'POST /api/ai/chat': () => Response.json({ code: 'rate_limited', limit: { scope: 'user', waitSeconds: 30 } }, { status: 429 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.send(says('Hello'));
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(
    expect.any(String),
    expect.objectContaining({ message: 'Too many requests. Try again in 30 seconds.', waitSeconds: 30 }),
  );
});

/** The page looks for a reply that runs, and the server takes its time. */
async function looking() {
  let answer: (response: Response) => void = () => {};
  let post: (response: Response) => void = () => {};
  const looked = new Promise<Response>((resolve) => (answer = resolve));
  answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'POST /api/ai/chat': () => new Promise<Response>((resolve) => (post = resolve)) as unknown as Response,
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  answers['GET /api/ai/chat/42/stream'] = () => looked as unknown as Response;
  void conversation.catchUp();
  await vi.waitFor(() => expect(conversation.busy).toBe(false));
  await new Promise((resolve) => setTimeout(resolve));
  const message = says('While it looks');
  const sent = conversation.send(message);
  await vi.waitFor(() => expect(posts).toHaveLength(1));
  answers['GET /api/ai/sessions/42/messages'] = () => Response.json([...stored('There'), { id: '9', role: 'user', parts: [{ type: 'text', text: 'While it looks' }] }, { id: 'a2', role: 'assistant', parts: [] }]);
  return { conversation, message, sent, answer, post: (response: Response) => post(response) };
}

test.each<[string, () => Response]>([
  ['nothing runs', () => new Response(null, { status: 204 })],
  ['a reply runs', () => stream(reply('Half'))],
])('what is sent while the page looks for a reply is taken when its own answer comes, and not when that does: %s', async (_, late) => {
  const { conversation, message, sent, answer, post } = await looking();
  answer(late());
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve));
  expect(conversation.chat.status).toBe('submitted');
  expect(shown(conversation)).toEqual(['Hello', 'There', 'While it looks']);
  expect(events.onTaken).not.toHaveBeenCalled();
  expect(events.onNotSent).not.toHaveBeenCalled();
  post(stream([{ type: 'start', messageId: 'a2' }, ...reply('Hi', ...finish).slice(1)], { 'x-session-id': '42' }));
  await sent;
  expect(events.onTaken).toHaveBeenCalledExactlyOnceWith(message.id, '42');
  expect(events.onStart).toHaveBeenCalledExactlyOnceWith('42');
  expect(events.onNotSent).not.toHaveBeenCalled();
  expect(shown(conversation)).toEqual(['Hello', 'There', 'While it looks', 'Hi']);
});

test('the answer to the look does not count as the one to a message that cannot be sent', async () => {
  const { message, sent, answer, post } = await looking();
  answer(new Response(null, { status: 204 }));
  await new Promise((resolve) => setTimeout(resolve));
  post(Response.json({}, { status: 503 }));
  await sent;
  expect(events.onTaken).not.toHaveBeenCalled();
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(message.id, expect.objectContaining({ status: 503 }));
});

test('a message whose writer stops it before the server has answered is given back as stopped', async () => {
  const { conversation, message, sent } = await looking();
  await conversation.chat.stop();
  await sent;
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(message.id, undefined);
  expect(shown(conversation)).toEqual(['Hello', 'There']);
});
