import { act, cleanup, fireEvent, render, screen, within, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answers, asked, menu, refusal, siteUser, startAdmin } from './testing';
import { UsersPage } from './UsersPage';
import { createUsers, searchUsers, showUser } from './users';

beforeEach(() => {
  startAdmin();
  answers['GET admin/users'] = () => Response.json({ users: [siteUser(), siteUser({ id: '2', username: 'bob', role: 'user', disabled: true })], next: '2' });
  answers['GET admin/users?after=2'] = () => Response.json({ users: [siteUser({ id: '3', username: 'cy', role: 'user' })], next: null });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const lines = () => screen.getAllByRole('listitem');
async function open(): Promise<void> {
  render(<UsersPage />);
  await screen.findByText('bob');
}

test('who is an administrator and who is disabled is told, page by page', async () => {
  await open();
  expect(within(lines()[0] as HTMLElement).getByText('administrator')).toBeDefined();
  expect(within(lines()[1] as HTMLElement).getByText('disabled')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'More users' }));
  await screen.findByText('cy');
  expect(screen.queryByRole('button', { name: 'More users' })).toBeNull();
});

test('a role is changed at once, and is what it was when the server refuses', async () => {
  await open();
  await menu('More for bob', 'Make an administrator');
  expect(within(lines()[1] as HTMLElement).getByText('administrator')).toBeDefined();
  expect(asked.at(-1)).toEqual({ method: 'PATCH', path: 'admin/users/2', body: { role: 'admin' } });
  answers['PATCH admin/users/1'] = () => refusal(409, 'last_admin');
  await menu('More for ada', 'Make an ordinary user');
  await waitFor(() => expect(asked.at(-1)).toEqual({ method: 'PATCH', path: 'admin/users/1', body: { role: 'user' } }));
  await waitFor(() => expect(within(lines()[0] as HTMLElement).queryByText('administrator')).not.toBeNull());
});

test('somebody is added, and found by their name', async () => {
  await open();
  fireEvent.click(screen.getByRole('button', { name: 'Add user' }));
  fireEvent.change(screen.getByLabelText('Username'), { target: { value: 'dee' } });
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'a lamp in the window' } });
  answers['POST admin/users'] = () => refusal(409, 'username_taken');
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  await waitFor(() => expect(screen.getByLabelText('Username').getAttribute('aria-invalid')).toBe('true'));
  answers['POST admin/users'] = () => Response.json({}, { status: 201 });
  fireEvent.click(screen.getByRole('button', { name: 'Add' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(asked.findLast(({ method }) => method === 'POST')?.body).toEqual({ username: 'dee', password: 'a lamp in the window' });
  answers['GET admin/users?search=de+e%26'] = () => Response.json({ users: [], next: null });
  fireEvent.change(screen.getByRole('textbox', { name: 'Search users' }), { target: { value: ' de e& ' } });
  expect(await screen.findByText('No users found.')).toBeDefined();
});

test('who is no administrator is told so', async () => {
  answers['GET admin/users'] = () => refusal(403, 'admin_only');
  render(<UsersPage />);
  expect(await screen.findByText('Only administrators can see this.')).toBeDefined();
});

test('the answer to an earlier search is not shown', async () => {
  const store = createUsers();
  let say: (response: Response) => void = () => {};
  const late = new Promise<Response>((resolve) => (say = resolve));
  answers['GET admin/users?search=a'] = () => late;
  answers['GET admin/users?search=ab'] = () => Response.json({ users: [siteUser({ username: 'abe' })], next: null });
  const first = searchUsers(store, 'a');
  await searchUsers(store, 'ab');
  await act(async () => {
    say(Response.json({ users: [siteUser({ username: 'ann' })], next: null }));
    await first;
  });
  expect(store.getState().users.map(({ username }) => username)).toEqual(['abe']);
});

test('a list that was read before a change does not take it back', async () => {
  const store = createUsers();
  let say: (response: Response) => void = () => {};
  const late = new Promise<Response>((resolve) => (say = resolve));
  answers['GET admin/users'] = () => late;
  const reading = searchUsers(store, '');
  showUser(store, siteUser({ role: 'user' }));
  answers['GET admin/users'] = () => Response.json({ users: [siteUser({ role: 'user' })], next: null });
  say(Response.json({ users: [siteUser({ role: 'admin' })], next: null }));
  await reading;
  expect(store.getState().users.map(({ role }) => role)).toEqual(['user']);
});

test('who is deleted meanwhile is named when a password is set', async () => {
  answers['GET admin/users'] = () => Response.json({ users: [siteUser({ id: '2', username: 'bob', role: 'user' })], next: null });
  answers['POST admin/users/2/password'] = () => refusal(404, 'not_found');
  render(<UsersPage />);
  await screen.findByText('bob');
  await menu('More for bob', 'Set a new password');
  fireEvent.change(screen.getByLabelText('Password'), { target: { value: 'a lamp in the window' } });
  fireEvent.click(screen.getByRole('button', { name: 'Set password' }));
  expect(await screen.findByText('This account was deleted in the meantime.')).toBeDefined();
});
