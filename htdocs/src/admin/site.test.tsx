/** Site-wide settings of administrators, and the site's usage. */
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useAssistants } from '../stores/assistants';
import { ModelsPage } from './ModelsPage';
import { answers, asked, menu, provider, refusal, siteModel, siteUser, startAdmin } from './testing';
import { UsagePage } from './UsagePage';
import { UsersPage } from './UsersPage';

const owl = { id: '11', name: 'Owl', icon: '🦉', description: '', modelId: null, options: null, tools: null, starters: [], mine: true, published: true, version: 1, updateTime: '2026-01-02T03:04:05Z' };

beforeEach(() => {
  startAdmin();
  useAssistants.setState({ assistants: [], known: false, defaultId: null });
  answers['GET admin/providers'] = () => Response.json({ providers: [] });
  answers['GET admin/models'] = () => Response.json({ models: [] });
  answers['GET ai/assistants'] = () => Response.json({ assistants: [owl, { ...owl, id: '12', name: 'Own', published: false }], defaultId: null });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const changes = () => asked.filter(({ method }) => method === 'PATCH' || method === 'POST');
const row = (values: object) => ({ replies: 2, inputTokens: 1200, cachedTokens: 0, outputTokens: 30, cost: null, ...values });

test('what new chats begin with is one of the published, and is changed with the version that was seen', async () => {
  answers['GET admin/settings'] = () => Response.json({ version: 4, defaultAssistantId: null });
  render(<ModelsPage />);
  const field = await screen.findByLabelText<HTMLSelectElement>('Default assistant');
  await waitFor(() => expect([...field.options].map(({ text }) => text)).toEqual(['No assistant', '🦉 Owl']));
  answers['PATCH admin/settings'] = () => refusal(409, 'not_published');
  fireEvent.change(field, { target: { value: '11' } });
  await screen.findByText('This assistant isn’t published any more. Choose another one.');
  expect(changes()).toEqual([{ method: 'PATCH', path: 'admin/settings', body: { version: 4, defaultAssistantId: '11' } }]);
  await waitFor(() => expect(field.value).toBe('')); // as it is on the server
});

test('who is no administrator is told so once', async () => {
  for (const path of ['providers', 'models', 'settings']) answers[`GET admin/${path}`] = () => refusal(403, 'denied');
  render(<ModelsPage />);
  await screen.findByRole('alert');
  expect(asked.some(({ path }) => path === 'admin/settings')).toBe(false);
});

test('another password is set, and what is refused of it is told where it was entered', async () => {
  answers['GET admin/users'] = () => Response.json({ users: [siteUser({ id: '2', username: 'bob', role: 'user' })], next: null });
  render(<UsersPage />);
  await screen.findByText('bob');
  await menu('More for bob', 'Set a new password');
  answers['POST admin/users/2/password'] = () => refusal(409, 'site_user');
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'a new lamp' } });
  fireEvent.click(screen.getByRole('button', { name: 'Set password' }));
  await screen.findByText('This account is managed by the site and has no password here.');
  expect(changes()).toEqual([{ method: 'POST', path: 'admin/users/2/password', body: { password: 'a new lamp' } }]);
  answers['POST admin/users/2/password'] = () => new Response(null, { status: 204 });
  fireEvent.click(screen.getByRole('button', { name: 'Set password' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('use is told by person and by model, page by page; who is gone has no name, and no price is no cost', async () => {
  answers['GET admin/usage'] = () => {
    const { path = '' } = asked.findLast((each) => each.path.startsWith('admin/usage')) ?? {};
    if (path.includes('by=model')) return Response.json({ rows: [row({ modelId: '5', label: 'Lamp One', cost: 2_500_000 }), row({ modelId: '6', label: 'Lamp One', cost: null })], next: null });
    if (path.includes('after=9')) return Response.json({ rows: [row({ userId: '3', username: null })], next: null });
    return Response.json({ rows: [row({ userId: '2', username: 'bob' })], next: '9' });
  };
  answers['GET admin/providers'] = () => Response.json({ providers: [provider(), provider({ id: '11', name: 'Lanterns' })] });
  answers['GET admin/models'] = () => Response.json({ models: [siteModel({ id: '5' }), siteModel({ id: '6', providerId: '11' })] });
  render(<UsagePage />);
  const bob = await screen.findByRole('row', { name: /bob/ });
  expect(within(bob).getAllByRole('cell').map(({ textContent }) => textContent)).toEqual(['2', '1,200', '0', '30', '–']);
  fireEvent.click(screen.getByRole('button', { name: 'Show more' }));
  await screen.findByRole('row', { name: /deleted account/ });
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  fireEvent.change(screen.getByLabelText('Show by'), { target: { value: 'model' } });
  const lamp = await screen.findByRole('row', { name: /^Lamp One \(Lamps\)/ });
  screen.getByRole('row', { name: /^Lamp One \(Lanterns\)/ });
  expect(within(lamp).getByText('2.50')).toBeDefined();
  expect(screen.queryByRole('row', { name: /bob/ })).toBeNull();
});
