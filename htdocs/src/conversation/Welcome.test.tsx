import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Assistant } from '../api/assistants';
import type { Model } from '../api/models';
import { useAssistants } from '../stores/assistants';
import { followModelLink, pickAssistant, useModels } from '../stores/models';
import { Welcome } from './Welcome';

const place = { sessionId: null, chat: { id: 'new' } };
const assistant = (id: string, name: string): Assistant => ({ id, name, icon: '', description: '', modelId: null, options: null, tools: null, starters: [], mine: false, published: true, version: 1, updateTime: '' });
const model: Model = { id: '7', label: 'Lamp One', provider: 'Lamps', abilities: {}, contextTokens: null, problem: null };
const open = (): unknown => render(<Welcome chatId="new" username="ada" onPick={vi.fn()} />);
let list: Model[] = [];

beforeEach(() => {
  useModels.setState({ models: [], picked: {}, misled: null });
  useAssistants.setState({ assistants: [assistant('10', 'Owl'), assistant('11', 'Raven')], known: true, defaultId: '11' });
  vi.stubGlobal('fetch', async () => (list.length === 0 ? new Response(null, { status: 503 }) : Response.json({ models: list, defaultId: '7' })));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('an assistant that is there is shown, and nothing is said', async () => {
  pickAssistant(place, '10');
  open();
  await screen.findByRole('heading', { name: 'Owl' });
  expect(screen.queryByRole('status')).toBeNull();
});

test('one that is not is said, and the chat begins as others do', async () => {
  pickAssistant(place, '0');
  open();
  expect(screen.getByRole('status').textContent).toBe('This assistant is no longer available.');
  await screen.findByRole('heading', { name: 'Raven' });
  act(() => useAssistants.setState({ defaultId: null }));
  expect(screen.getByRole('status').textContent).toBe('This assistant is no longer available.');
  expect(screen.getByRole('heading').textContent).toMatch(/^Good .*, ada$/);
});

test('before it is known which there are, nothing is said; and who wants none has none', () => {
  useAssistants.setState({ known: false });
  pickAssistant(place, '0');
  open();
  expect(screen.queryByRole('status')).toBeNull();
  act(() => {
    useAssistants.setState({ known: true });
    pickAssistant(place, null);
  });
  expect(screen.queryByRole('status')).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Raven' })).toBeNull();
});

test('a link to a model: it is asked if it is there; else that is said; nothing is when the list does not come', async () => {
  open();
  list = [];
  await act(() => followModelLink(place, '8'));
  expect(screen.queryByRole('status')).toBeNull();
  list = [model];
  await act(() => followModelLink(place, '8'));
  expect(screen.getByRole('status').textContent).toBe('The model in this link isn’t available. Your usual one answers instead.');
  expect(useModels.getState().picked).toEqual({});
  await act(() => followModelLink(place, '7'));
  expect(useModels.getState().picked).toEqual({ new: { model: '7' } });
});
