import { beforeEach, expect, test, vi } from 'vitest';
import { Conversation } from './conversation';
import { events, finish, posts, reply, says, server, shown, startServer, stored, stream } from './testing';
import { answerTool } from './toolAnswers';

beforeEach(startServer);

test('the first message goes without a session id, the next one with the id that came back', async () => {
  server.answers = { 'POST /api/ai/chat': () => stream(reply('Hi', ...finish), { 'x-session-id': '42' }) };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  await conversation.send(says('More'));
  expect(posts.map(({ sessionId }) => sessionId)).toEqual([undefined, '42']);
  expect(events.onSession).toHaveBeenCalledExactlyOnceWith('42', 'Hello');
});

test('a session id in a data part is as good as the header', async () => {
  const named = { type: 'data-session', data: { sessionId: '43', userMessageIds: ['7'] }, transient: true };
  server.answers = { 'POST /api/ai/chat': () => stream(reply('Hi', named, ...finish)) };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  expect(conversation.sessionId).toBe('43');
});

test('a body that ends without "finish" is taken up again from the start of the reply', async () => {
  server.answers = {
    'POST /api/ai/chat': () => stream(reply('Hal'), { 'x-session-id': '42' }),
    'GET /api/ai/chat/42/stream': () => stream(reply('Half and whole', ...finish)),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('Half and whole')),
  };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  expect(shown(conversation)).toEqual(['Hello', 'Half and whole']);
  expect(conversation.chat.status).toBe('ready');
  expect(conversation.activity.kind).toBe('idle');
});

test('a lost reply that has ended meanwhile is read from the stored messages', async () => {
  server.answers = {
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
  server.answers = {
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
  server.answers = {
    'POST /api/ai/chat': () => stream([{ type: 'start', messageId: 'a1' }, { type: 'error', errorText: 'No.' }], { 'x-session-id': '42' }),
  };
  const conversation = new Conversation(null, events);
  await conversation.send(says('Hello'));
  expect(events.onTaken).toHaveBeenCalledOnce();
  expect(events.onNotSent).not.toHaveBeenCalled();
  expect(conversation.activity).toMatchObject({ kind: 'failed', error: { message: 'No.' } });
});

test('who leaves the conversation before the server has answered loses nothing', async () => {
  server.answers = { 'POST /api/ai/chat': () => new Promise<never>(() => undefined) as unknown as Response };
  const conversation = new Conversation(null, events);
  const message = says('Hello');
  void conversation.send(message);
  await Promise.resolve();
  conversation.close();
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(message.id, null);
});

test('what was on screen stays when an edit cannot be sent; a later message is edited under an id of its own, the first by its own', async () => {
  const all = [...stored('There'), { id: '9', role: 'user', parts: [{ type: 'text', text: 'Second' }] }];
  server.answers = {
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
  server.answers = {
    'POST /api/ai/chat': () => Response.json({ code: 'reply_running' }, { status: 409 }),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.send(says('One more'));
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(expect.any(String), expect.objectContaining({ status: 409 }));
  expect(shown(conversation)).toEqual(['Hello', 'There']);
  await vi.waitFor(() => expect(conversation.activity.kind).toBe('idle'));
});

test('a reply that is cut again and again is taken up at once as long as it gets further', async () => {
  vi.useFakeTimers();
  let resumed = 0;
  server.answers = {
    'POST /api/ai/chat': () => stream(reply('1'), { 'x-session-id': '42' }),
    'GET /api/ai/chat/42/stream': () => stream(++resumed < 8 ? reply('12345678'.slice(0, resumed + 1)) : reply('12345678 and the end', ...finish)),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('12345678 and the end')),
  };
  const conversation = new Conversation(null, events);
  const told: boolean[] = [];
  conversation.state.subscribe(({ activity }) => told.push(activity.kind === 'reconnecting' && activity.away));
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
  server.answers = {
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
  expect(conversation.activity).toEqual({ kind: 'reconnecting', away: true });
  conversation.close();
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
});

test('a session that could not be read is read when the page catches up', async () => {
  server.answers = {};
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(conversation.activity.kind).toBe('unreadable');
  server.answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
  };
  await conversation.catchUp();
  expect(conversation.activity.kind).toBe('idle');
  expect(shown(conversation)).toEqual(['Hello', 'There']);
});

test('a session that is not there is not asked for again', async () => {
  let asked = 0;
  const gone = (): Response => {
    asked++;
    return Response.json({ code: 'not_found' }, { status: 404 });
  };
  server.answers = { 'GET /api/ai/sessions/42/messages': gone };
  const conversation = new Conversation('42', events);
  await conversation.open();
  await conversation.catchUp();
  expect(asked).toBe(1);
});

test('an answer to a tool that could not be sent is sent again, and the reply is not made again', async () => {
  const call = { type: 'tool-ask', toolCallId: 'c', state: 'input-available', input: {} };
  server.answers = {
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'GET /api/ai/sessions/42/messages': () => Response.json([stored('')[0], { id: 'a1', role: 'assistant', parts: [{ type: 'step-start' }, call] }]),
    'POST /api/ai/chat': () => Response.json({ detail: 'away' }, { status: 503 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(await answerTool(conversation, 'ask', 'c', 'blue')).toBe(false);
  expect(conversation.activity).toMatchObject({ kind: 'failed', error: { message: 'Away.' } });
  await conversation.retry();
  expect(posts).toHaveLength(2);
  expect(posts[1]).toMatchObject({ trigger: 'submit-message', messages: [{}, { parts: [{}, { output: 'blue' }] }] });
});

test('an unanswered question counts as being answered until the server says that nothing runs', async () => {
  const busy: boolean[] = [];
  server.answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('').slice(0, 1)),
    'GET /api/ai/chat/42/stream': () => {
      busy.push(conversation.busy);
      return new Response(null, { status: 204 });
    },
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(busy).toEqual([true]);
  expect(conversation.busy).toBe(false);
});

test('a reply that may not be followed at the moment is followed when it may', async () => {
  let tries = 0;
  server.answers = {
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
  expect(conversation.activity.kind).toBe('idle');
  expect(conversation.busy).toBe(false);
});

test('a message that is refused for a limit is given back with the time to wait', async () => {
  server.answers = {
    'POST /api/ai/chat': () => Response.json({ code: 'rate_limited', limit: { scope: 'user', waitSeconds: 30 } }, { status: 429 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.send(says('Hello'));
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(
    expect.any(String),
    expect.objectContaining({ message: 'Too many requests. Try again in 30 seconds.', waitSeconds: 30 }),
  );
});

/** The page checks for a running reply, and the server's answer is slow. */
async function looking() {
  let answer: (response: Response) => void = () => {};
  let post: (response: Response) => void = () => {};
  const looked = new Promise<Response>((resolve) => (answer = resolve));
  server.answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('There')),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'POST /api/ai/chat': () => new Promise<Response>((resolve) => (post = resolve)) as unknown as Response,
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  server.answers['GET /api/ai/chat/42/stream'] = () => looked as unknown as Response;
  void conversation.catchUp();
  await vi.waitFor(() => expect(conversation.busy).toBe(false));
  await new Promise((resolve) => setTimeout(resolve));
  const message = says('While it looks');
  const sent = conversation.send(message);
  await vi.waitFor(() => expect(posts).toHaveLength(1));
  server.answers['GET /api/ai/sessions/42/messages'] = () => Response.json([...stored('There'), { id: '9', role: 'user', parts: [{ type: 'text', text: 'While it looks' }] }, { id: 'a2', role: 'assistant', parts: [] }]);
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

test('a reply that is stopped before the server has answered is stopped there when it has', async () => {
  const stopped = vi.fn(() => new Response(null, { status: 204 }));
  const { conversation, sent, answer, post } = await looking();
  server.answers['POST /api/ai/chat/42/stop'] = stopped;
  answer(new Response(null, { status: 204 }));
  const stop = conversation.stop();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(stopped).not.toHaveBeenCalled();
  let end = (): void => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (chunk: object): void => controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`));
      for (const chunk of [{ type: 'start', messageId: 'a2' }, ...reply('Hal').slice(1)]) write(chunk);
      end = () => {
        for (const chunk of finish) write(chunk);
        controller.close();
      };
    },
  });
  post(new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-session-id': '42' } }));
  await vi.waitFor(() => expect(stopped).toHaveBeenCalledOnce());
  end();
  await Promise.all([stop, sent]);
  expect(conversation.activity.kind).toBe('idle');
});

test('a session that is deleted elsewhere is not shown for longer; who was writing in it is told which messages were on screen', async () => {
  server.answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('Hi')),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(shown(conversation)).toEqual(['Hello', 'Hi']);
  server.answers['GET /api/ai/sessions/42/messages'] = () => Response.json({ code: 'not_found' }, { status: 404 });
  await conversation.catchUp();
  expect(conversation.activity).toEqual({ kind: 'missing', deleted: true });
  expect(shown(conversation)).toEqual([]);
  expect(conversation.writesTo).toBe(null);
  expect(events.onMissing).toHaveBeenCalledExactlyOnceWith('42', [expect.objectContaining({ id: '7' }), expect.objectContaining({ id: 'a1' })]);
});

/** The chat is on screen, and a message to it gets a 404. */
async function openedThenRefused(): Promise<Conversation> {
  server.answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('Hi')),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'POST /api/ai/chat': () => Response.json({ code: 'not_found' }, { status: 404 }),
  };
  const conversation = new Conversation('42', events);
  await conversation.open();
  return conversation;
}

test('a message that is sent to a session that was deleted is given back, and the session is looked for', async () => {
  const conversation = await openedThenRefused();
  server.answers['GET /api/ai/sessions/42/messages'] = () => Response.json({ code: 'not_found' }, { status: 404 });
  const message = says('More');
  await conversation.send(message);
  await vi.waitFor(() => expect(conversation.activity).toEqual({ kind: 'missing', deleted: true }));
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(message.id, expect.objectContaining({ status: 404 }));
});

test('an answer of 404 that is about something else leaves the session on screen', async () => {
  const conversation = await openedThenRefused();
  await conversation.send(says('More'));
  expect(conversation.activity.kind).toBe('idle');
  expect(shown(conversation)).toEqual(['Hello', 'Hi']);
  expect(events.onMissing).not.toHaveBeenCalled();
});

test('a session that never was is missing, and was not deleted', async () => {
  server.answers = { 'GET /api/ai/sessions/42/messages': () => Response.json({ code: 'not_found' }, { status: 404 }) };
  const conversation = new Conversation('42', events);
  await conversation.open();
  expect(conversation.activity).toEqual({ kind: 'missing', deleted: false });
});
