import { act, cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Model } from '../api/models';
import { keepLogin } from '../api/token';
import { Conversation } from '../chat/conversation';
import { events } from '../chat/testing';
import { useAuth } from '../stores/auth';
import { offerModels, useLastModel, useModels } from '../stores/models';
import { ModelName } from './ModelName';

const user = { id: '1', username: 'ada' };
const model = (id: string): Model => ({ id, label: `Model ${id}`, provider: 'Lamps', abilities: {}, contextTokens: null, problem: null });
const initial = { models: [], defaultId: null, picking: null, known: {}, picked: {} };
let list: object;
configure({ asyncUtilTimeout: 30_000 }); // a busy machine is not a failure

beforeEach(() => {
  keepLogin({ accessToken: 'token', expiresIn: 900, user });
  useAuth.setState({ phase: 'in', user });
  useModels.setState(initial);
  useLastModel.setState({ models: {} });
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal('fetch', async (url: string) => (url.endsWith('ai/models') ? Response.json(list) : url.endsWith('ai/assistants') ? Response.json({ assistants: [], defaultId: null }) : Response.json(url.endsWith('sessions/42') ? { id: '42', model: 'c', options: null } : { model: 'lamp-1' })));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('with one model only its name is shown', async () => {
  list = { models: [model('a')], defaultId: 'a' };
  render(<ModelName conversation={new Conversation(null, events)} />);
  await screen.findByText('lamp-1');
  await waitFor(() => expect(useModels.getState().models).toHaveLength(1));
  expect(screen.queryByRole('button')).toBeNull();
});

test('with several the one that will answer is a button, which opens the others', async () => {
  list = { models: [model('a'), model('b')], defaultId: 'b' };
  render(<ModelName conversation={new Conversation(null, events)} />);
  fireEvent.click(await screen.findByRole('button', { name: /Model:\s*Model b/ }));
  expect(await screen.findByRole('listbox', { name: 'Choose a model' })).toBeDefined();
});

test('a chat whose model is gone says so, even if only one is left', async () => {
  list = { models: [model('a')], defaultId: 'a' };
  useModels.setState({ known: { '42': { model: 'gone', options: null } } });
  render(<ModelName conversation={new Conversation('42', events)} />);
  expect(await screen.findByRole('button', { name: /Choose a model/ })).toBeDefined();
});

test.each([
  ['the list of chats does not say it', {}],
  ['another device may have picked one since it was read', { '42': { model: 'a', options: null } }],
])('which model a chat asks is read when it is opened: %s', async (_, known) => {
  list = { models: [model('a'), model('b'), model('c')], defaultId: 'b' };
  useModels.setState({ known });
  render(<ModelName conversation={new Conversation('42', events)} />);
  expect(await screen.findByRole('button', { name: /Model:\s*Model c/ })).toBeDefined();
});

test('what was refused for its model can be given to the one that is left', async () => {
  list = { models: [model('a')], defaultId: 'a' };
  const view = render(<ModelName conversation={new Conversation(null, events)} />);
  await waitFor(() => expect(useModels.getState().models).toHaveLength(1));
  act(() => offerModels({ kind: 'chat' }));
  expect(await screen.findByRole('option', { name: /Model a/ })).toBeDefined();
  // Another chat is on screen.
  view.rerender(<ModelName conversation={new Conversation(null, events)} />);
  expect(useModels.getState().picking).toBeNull();
});
