import { beforeEach, expect, test, vi } from 'vitest';
import { keepLogin } from '../api/token';
import { Conversation } from './conversation';

type Chunk = Record<string, unknown>;

const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onRefused: vi.fn() };
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
    return answer();
  });
});

function shown(conversation: Conversation): string[] {
  return conversation.chat.messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])));
}

test('the first message goes without a session id, the next one with the id that came back', async () => {
  answers = { 'POST /api/ai/chat': () => stream(reply('Hi', ...finish), { 'x-session-id': '42' }) };
  const conversation = new Conversation(null, events);
  await conversation.send('Hello');
  await conversation.send('More');
  expect(posts.map(({ sessionId }) => sessionId)).toEqual([undefined, '42']);
  expect(events.onSession).toHaveBeenCalledExactlyOnceWith('42', 'Hello');
});

test('a session id in a data part is as good as the header', async () => {
  const named = { type: 'data-session', data: { sessionId: '43', userMessageIds: ['7'] }, transient: true };
  answers = { 'POST /api/ai/chat': () => stream(reply('Hi', named, ...finish)) };
  const conversation = new Conversation(null, events);
  await conversation.send('Hello');
  expect(conversation.sessionId).toBe('43');
});

test('a body that ends without "finish" is taken up again from the start of the reply', async () => {
  answers = {
    'POST /api/ai/chat': () => stream(reply('Hal'), { 'x-session-id': '42' }),
    'GET /api/ai/chat/42/stream': () => stream(reply('Half and whole', ...finish)),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('Half and whole')),
  };
  const conversation = new Conversation(null, events);
  await conversation.send('Hello');
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
  await conversation.send('Hello');
  expect(shown(conversation)).toEqual(['Hello', 'Half and whole']);
});

test('a failed send is repeated under the same message id', async () => {
  let tries = 0;
  answers = {
    'POST /api/ai/chat': () =>
      ++tries === 1 ? Response.json({ detail: 'no model' }, { status: 503 }) : stream(reply('Hi', ...finish), { 'x-session-id': '42' }),
  };
  const conversation = new Conversation(null, events);
  await conversation.send('Hello');
  expect(conversation.chat.error?.message).toBe('No model.');
  await conversation.retry();
  const ids = posts.map(({ messages }) => (messages as { id: string }[]).map(({ id }) => id));
  expect(ids[0]).toHaveLength(1);
  expect(ids[1]).toEqual(ids[0]);
  expect(posts[1]).toMatchObject({ trigger: 'submit-message' });
});

test('a refused message gives its text back and shows what is there', async () => {
  answers = {
    'POST /api/ai/chat': () => Response.json({ detail: 'busy' }, { status: 409 }),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.send('One more');
  expect(events.onRefused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ status: 409 }), 'One more', []);
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
  const sent = conversation.send('Hello');
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
  void conversation.send('Hello');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(resumed).toBeGreaterThan(3);
  expect(resumed).toBeLessThan(8);
  expect(conversation.state.getState()).toMatchObject({ reconnecting: true, away: true });
  conversation.close();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
});

test('what could not be sent is not lost when the page catches up; it is sent then, under the same id', async () => {
  answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.send('On a train'); // no answer: out of reach
  await conversation.catchUp();
  expect(shown(conversation)).toEqual(['Hello', 'There', 'On a train']);
  answers['POST /api/ai/chat'] = () => stream([{ type: 'start', messageId: 'a2' }, ...reply('Hi', ...finish).slice(1)]);
  await conversation.catchUp();
  expect(shown(conversation)).toEqual(['Hello', 'There', 'On a train', 'Hi']);
  expect(new Set(posts.map(({ messages }) => (messages as { id: string }[]).at(-1)?.id)).size).toBe(1);
});

test('what the server refused stays until its reader tries again', async () => {
  answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
    'POST /api/ai/chat': () => Response.json({ detail: 'no model' }, { status: 503 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.send('One more');
  await conversation.catchUp();
  expect(posts).toHaveLength(1);
  expect(shown(conversation)).toEqual(['Hello', 'There', 'One more']);
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

test('a message that is refused for a limit is still there, and says why', async () => {
  answers = {
    'POST /api/ai/chat': () => Response.json({ code: 'rate_limited', limit: { scope: 'user', waitSeconds: 30 } }, { status: 429 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.send('Hello');
  expect(shown(conversation)).toEqual(['Hello']);
  expect(conversation.chat.error?.message).toBe('Too many requests. Try again in 30 seconds.');
});
