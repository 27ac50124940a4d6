import { configure, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Model } from '../api/models';
import { ApiError, UnreachableError } from '../api/problem';
import * as sessions from '../api/sessions';
import type { Session } from '../api/sessions';
import { keepLogin } from '../api/token';
import { useAuth } from './auth';
import { becameSession, choiceOf, forgetLastModel, learnChoice, lookAtModels, modelOf, offerModels, optionsOf, useLastModel, useModels } from './models';
import { pickModel, pickOptions } from './picking';

configure({ asyncUtilTimeout: 30_000 }); // a busy machine is not a failure
const user = { id: '1', username: 'ada' };
const model = (id: string): Model => ({ id, label: `Model ${id}`, provider: 'Lamps', abilities: { tools: true }, contextTokens: null, problem: null });
const session = (change: Partial<Session> = {}): Session => ({
  id: '42', title: 'A chat', createTime: '', updateTime: '', status: 'idle', pinned: false, archived: false, model: null, options: null, ...change,
});
const place = (sessionId: string | null, chatId = 'fresh') => ({ sessionId, chat: { id: chatId } });
const change = vi.spyOn(sessions, 'changeSession');

beforeEach(() => {
  useAuth.setState({ phase: 'in', user });
  useModels.setState({ models: [model('a'), model('b')], defaultId: 'a', picking: null, known: {}, picked: {} });
  useLastModel.setState({ models: {} });
  change.mockReset().mockImplementation(async (id, wish) => session({ id, ...wish }));
});
afterEach(() => vi.unstubAllGlobals());

const serve = (answer: () => Response | Promise<Response>): void => {
  keepLogin({ accessToken: 'token', expiresIn: 900, user });
  vi.stubGlobal('fetch', async () => answer());
};

test('nothing is said to the server where nothing was chosen', () => {
  expect(choiceOf(place('42'))).toEqual({});
  expect(choiceOf(place(null))).toEqual({});
});

test('a chat asks the model that it remembers, and a new one the model that was picked last', async () => {
  await pickModel(place('42'), 'b');
  expect(change).toHaveBeenCalledExactlyOnceWith('42', { model: 'b' });
  expect(useModels.getState().known['42']).toEqual({ model: 'b', options: null, assistant: null });
  expect(useModels.getState().picked).toEqual({});
  // The server has it, and by now may have another device's choice.
  expect(choiceOf(place('42'))).toEqual({});
  expect(choiceOf(place('43'))).toEqual({});
  expect(choiceOf(place(null))).toEqual({ model: 'b' });
});

test('in a new chat the server is not told before the first question', async () => {
  await pickModel(place(null), 'b');
  await pickOptions(place(null), { temperature: 0.5 });
  expect(change).not.toHaveBeenCalled();
  expect(choiceOf(place(null))).toEqual({ model: 'b', options: { temperature: 0.5 } });
  expect(choiceOf(place(null, 'another'))).toEqual({ model: 'b' });
  becameSession('fresh', '44');
  expect(choiceOf(place(null))).toEqual({ model: 'b' });
  expect(choiceOf(place('44'))).toEqual({ model: 'b', options: { temperature: 0.5 } });
  learnChoice(session({ id: '44', model: 'b', options: { temperature: 0.5 } }));
  expect(useModels.getState().picked).toEqual({});
});

test('what was picked in a new chat stays, whatever is picked in another one', async () => {
  await pickModel(place(null), 'b');
  await pickModel(place(null, 'of another tab'), 'a');
  expect(choiceOf(place(null))).toEqual({ model: 'b' });
  expect(modelOf(place(null), useModels.getState(), 'a')).toBe('b');
  expect(choiceOf(place(null, 'newer'))).toEqual({ model: 'a' });
  becameSession('fresh', '44');
  expect(choiceOf(place('44'))).toEqual({ model: 'b' });
});

test('a new chat that nothing was picked for goes on with the model that it was begun with', () => {
  useLastModel.setState({ models: { '1': 'b' } });
  becameSession('fresh', '44');
  expect(modelOf(place('44'), useModels.getState(), 'a')).toBe('b');
  expect(choiceOf(place('44'))).toEqual({});
});

test('the last model of another user, or one that is gone, is nobody’s choice', () => {
  useLastModel.setState({ models: { '1': 'gone', '2': 'b' } });
  expect(choiceOf(place(null))).toEqual({});
  useModels.setState({ models: [] }); // not known yet
  expect(choiceOf(place(null))).toEqual({ model: 'gone' });
  forgetLastModel('1');
  expect(choiceOf(place(null))).toEqual({});
  expect(useLastModel.getState().models).toEqual({ '2': 'b' });
});

test('without a network what was picked goes with the next question, until the server has it', async () => {
  change.mockRejectedValue(new UnreachableError());
  await pickModel(place('42'), 'b');
  await pickOptions(place('42'), { tools: false });
  expect(choiceOf(place('42'))).toEqual({ model: 'b', options: { tools: false } });
  // What was read before the question does not include it; what is read after it does.
  learnChoice(session({ model: 'a' }));
  expect(choiceOf(place('42')).model).toBe('b');
  learnChoice(session({ model: 'b', options: { tools: false } }));
  expect(useModels.getState().picked).toEqual({});
  // From now on another device may choose.
  learnChoice(session({ model: 'a' }));
  expect(choiceOf(place('42'))).toEqual({});
});

test('the default model is none to the server, and a list says nothing', async () => {
  change.mockRejectedValue(new UnreachableError());
  await pickModel(place('42'), 'a');
  const { model: _, ...listed } = session();
  learnChoice(listed);
  expect(useModels.getState()).toMatchObject({ known: {}, picked: { '42': { model: 'a' } } });
  learnChoice(session({ model: null }));
  expect(useModels.getState().picked).toEqual({});
});

test('what the server refuses was not chosen', async () => {
  change.mockRejectedValue(new ApiError(404, 'model_unknown', 'Gone.'));
  await expect(pickModel(place('42'), 'b')).rejects.toThrow('Gone.');
  expect(choiceOf(place('42'))).toEqual({});
});

test('options that are taken back are taken back at the server', async () => {
  learnChoice(session({ options: { temperature: 1 } }));
  expect(optionsOf(place('42'), useModels.getState())).toEqual({ temperature: 1 });
  await pickOptions(place('42'), {});
  expect(change).toHaveBeenCalledExactlyOnceWith('42', { options: {} });
  expect(optionsOf(place('42'), useModels.getState())).toEqual({});
});

test('the list is read again when the picker opens, and stays when the server is away', async () => {
  serve(() => Response.json({ models: [model('a'), model('c')], defaultId: 'c' }));
  offerModels({ kind: 'chat' });
  await waitFor(() => expect(useModels.getState().models.map(({ id }) => id)).toEqual(['a', 'c']));
  serve(() => Promise.reject(new TypeError('failed to fetch')));
  await lookAtModels();
  expect(useModels.getState()).toMatchObject({ defaultId: 'c', picking: { kind: 'chat' } });
});

test('a list that comes after its reader has gone is nobody’s', async () => {
  let say: (response: Response) => void = () => {};
  const answer = new Promise<Response>((resolve) => (say = resolve));
  serve(() => answer);
  const reading = lookAtModels();
  useAuth.setState({ user: { id: '2', username: 'bob' } });
  say(Response.json({ models: [model('secret')], defaultId: 'secret' }));
  await reading;
  expect(useModels.getState().models).toEqual([]);
});
