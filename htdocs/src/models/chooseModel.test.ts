import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/problem';
import * as sessions from '../api/sessions';
import { Conversation } from '../chat/conversation';
import { events, finish, posts, reply, says, server, startServer, stored, stream } from '../chat/testing';
import * as delivery from '../stores/delivery';
import { choiceOf, useModels } from '../stores/models';
import { notSent, useOutbox, type Unsent } from '../stores/outbox';
import { chooseModel } from './chooseModel';

const sendNow = vi.spyOn(delivery, 'sendNow').mockResolvedValue();
const onModelGone = vi.fn();
const gone = () => new Response(JSON.stringify({ status: 404, code: 'model_unknown' }), { status: 404, headers: { 'content-type': 'application/problem+json' } });
const all = { ...events, onModelGone, choice: choiceOf };

beforeEach(() => {
  startServer();
  useModels.setState({ models: [], picking: null, known: {}, picked: {} });
  useOutbox.setState({ entries: [] });
  vi.spyOn(sessions, 'changeSession').mockImplementation(async (id, wish) => ({ id, title: '', createTime: '', updateTime: '', status: 'idle', pinned: false, archived: false, ...wish }));
});
afterEach(() => vi.unstubAllGlobals());

const unsent = (change: Partial<Unsent>): Unsent => ({ id: 'm', text: 'Hi', files: [], edits: null, userId: '1', chatId: 'c', sessionId: null, time: 0, state: 'waiting', reason: null, fleeting: true, ...change });

test('a question to a model that is gone stays with its writer, and goes when another one is picked', async () => {
  server.answers = { 'POST /api/ai/chat': gone };
  const conversation = new Conversation(null, all);
  const message = says('Hello');
  await conversation.send(message);
  expect(onModelGone).toHaveBeenCalledOnce();
  expect(events.onNotSent).toHaveBeenCalledExactlyOnceWith(message.id, expect.objectContaining({ code: 'model_unknown' }));
  useOutbox.setState({ entries: [unsent({ ...message, chatId: conversation.chat.id, choice: { model: 'old', options: { tools: false } } })] });
  notSent(message.id, events.onNotSent.mock.lastCall?.[1]);
  expect(useOutbox.getState().entries[0]).toMatchObject({ state: 'held', reason: 'This model is no longer available. Choose another one.' });
  await chooseModel(conversation, { kind: 'chat' }, 'new');
  expect(useOutbox.getState().entries[0]?.choice).toEqual({ model: 'new', options: { tools: false } });
  expect(sendNow).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: message.id }));
});

test('all that wait for a model go when one is picked, in their order; what its writer has stopped does not', async () => {
  const conversation = new Conversation('42', all);
  const held = { sessionId: '42', state: 'held', reason: 'Gone.' } as const;
  const waits = { ...held, modelGone: true };
  useOutbox.setState({ entries: [unsent({ id: 'm1', ...waits }), unsent({ id: 'm2', ...held }), unsent({ id: 'm3', ...waits }), unsent({ id: 'm4', ...waits })] });
  const states = (): unknown => useOutbox.getState().entries.map(({ id, state, reason }) => [id, state, reason]);
  let before: unknown;
  sendNow.mockImplementationOnce(async () => void (before = states()));
  await chooseModel(conversation, { kind: 'chat' }, 'new');
  expect(sendNow).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: 'm1' }));
  expect(before).toEqual(['m1', 'm2', 'm3', 'm4'].map((id) => [id, 'held', 'Gone.'])); // otherwise a later message would be sent first
  expect(states()).toEqual([['m1', 'held', 'Gone.'], ['m2', 'held', 'Gone.'], ['m3', 'waiting', null], ['m4', 'waiting', null]]);
  expect(useOutbox.getState().entries.map(({ modelGone }) => modelGone)).toEqual([true, undefined, false, false]);
});

test('a new chat is begun with the model that it was written for, and its session goes on as it is now', async () => {
  server.answers = { 'POST /api/ai/chat': () => stream([...reply('Hi'), ...finish], { 'x-session-id': '42' }) };
  const conversation = new Conversation(null, all);
  await conversation.send({ ...says('Hello'), choice: { model: 'a', options: { temperature: 1 } } });
  expect(posts.at(-1)).toMatchObject({ model: 'a', options: { temperature: 1 } });
  await conversation.send({ ...says('More'), choice: { model: 'a', options: { temperature: 1 } } });
  expect(posts.at(-1)).not.toHaveProperty('model');
  useModels.setState({ picked: { '42': { model: 'b' } } });
  await conversation.send(says('And more'));
  expect(posts.at(-1)).toMatchObject({ sessionId: '42', model: 'b' });
  expect(posts.at(-1)).not.toHaveProperty('options');
});

test('a new chat that was written for the default model is not begun with what was picked since', async () => {
  server.answers = { 'POST /api/ai/chat': () => stream([...reply('Hi'), ...finish], { 'x-session-id': '42' }) };
  const conversation = new Conversation(null, all);
  useModels.setState({ picked: { [conversation.chat.id]: { model: 'b', options: { temperature: 1 } } } });
  await conversation.send({ ...says('Hello'), choice: {} });
  expect(posts.at(-1)).not.toHaveProperty('model');
  expect(posts.at(-1)).not.toHaveProperty('options');
});

test('another model replies in place of the first, and is asked from then on', async () => {
  server.answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('First')),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'POST /api/ai/chat': () => stream([...reply('Second'), ...finish]),
  };
  const conversation = new Conversation('42', all);
  await conversation.open();
  await chooseModel(conversation, { kind: 'reply', messageId: 'a1' }, 'b');
  expect(posts.at(-1)).toMatchObject({ trigger: 'regenerate-message', messageId: 'a1', model: 'b' });
  await conversation.goOn();
  expect(posts.at(-1)).toMatchObject({ model: 'b' });
});

test('while a reply runs no other one is asked for, and the chat stays with its model', async () => {
  server.answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('First')),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'POST /api/ai/chat': () => new Response(new ReadableStream()),
  };
  const conversation = new Conversation('42', all);
  await conversation.open();
  void conversation.send(says('Second'));
  expect(conversation.activity.kind).toBe('preparing');
  await chooseModel(conversation, { kind: 'reply', messageId: 'a1' }, 'b');
  expect(choiceOf(conversation)).toEqual({});
  await vi.waitFor(() => expect(conversation.busy).toBe(true));
  await chooseModel(conversation, { kind: 'reply', messageId: 'a1' }, 'b');
  expect(choiceOf(conversation)).toEqual({});
  conversation.close();
});

test('a reply that was asked for again of a model that is gone is made by the one that is picked', async () => {
  let answer: () => Response = gone;
  server.answers = {
    'GET /api/ai/sessions/42/messages': () => Response.json(stored('First')),
    'GET /api/ai/chat/42/stream': () => new Response(null, { status: 204 }),
    'POST /api/ai/chat': () => answer(),
  };
  const conversation = new Conversation('42', all);
  await conversation.open();
  await conversation.regenerate('a1');
  expect(conversation.activity).toMatchObject({ kind: 'failed', error: expect.any(ApiError) });
  expect(onModelGone).toHaveBeenCalledOnce();
  answer = () => stream([...reply('Second'), ...finish]);
  await chooseModel(conversation, { kind: 'chat' }, 'b');
  expect(sessions.changeSession).toHaveBeenCalledExactlyOnceWith('42', { model: 'b' }); // so the server knows it
  expect(posts.at(-1)).toMatchObject({ sessionId: '42' });
  expect(posts.at(-1)).not.toHaveProperty('model');
  expect(conversation.activity.kind).toBe('idle');
});
