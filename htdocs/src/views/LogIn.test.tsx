import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useAuth } from '../stores/auth';
import { LogIn } from './LogIn';

let sent: Record<string, unknown>[];
let answers: Response[];
let config: () => Response;

const problem = (status: number, body: object) => Response.json(body, { status });
const welcome = () => Response.json({ accessToken: 'token', expiresIn: 900, user: { id: '1', username: 'ada' } });

beforeEach(() => {
  useAuth.setState({ phase: 'in' }); // nothing from the previous test is left
  sent = [];
  answers = [];
  config = () => Response.json({ siteName: 'The reading room', registration: 'on' });
  history.replaceState(null, '', '/');
  useAuth.setState({ phase: 'out', user: null });
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    if (input.endsWith('api/config')) return config();
    sent.push(JSON.parse(String(init.body)) as Record<string, unknown>);
    return answers.shift() ?? problem(500, {});
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const show = () => render(<LogIn notice={null} onTyping={() => {}} />);
const enter = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.submit(screen.getByRole('button', { name }));
const isIn = () => vi.waitFor(() => expect(useAuth.getState().phase).toBe('in'));

test('the second half of a log-in sends what was typed in the first, and the code', async () => {
  answers = [problem(401, { code: 'otp_required' }), problem(401, { code: 'otp_wrong' }), welcome()];
  show();
  enter('Username', ' ada ');
  enter('Password', ' a lamp ');
  press('Log in');
  await screen.findByLabelText('6-digit code');
  enter('6-digit code', '123 456');
  press('Log in');
  expect((await screen.findByRole('alert')).textContent).toBe('This code is wrong or was already used.');
  fireEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
  enter('Recovery code', 'ABCD-EFGH');
  press('Log in');
  await isIn();
  const credentials = { username: 'ada', password: ' a lamp ' };
  expect(sent).toEqual([credentials, { ...credentials, code: '123456' }, { ...credentials, code: 'ABCD-EFGH' }]);
});

test('where registration is off, there is a sentence in place of the form', async () => {
  config = () => Response.json({ siteName: 'x', registration: 'off' });
  show();
  await screen.findByText(/^Sign-up is turned off on this server/);
  expect(screen.queryByRole('button', { name: 'Create an account' })).toBeNull();
});

test('an invitation in the address is sent along, and leaves the address when it is used', async () => {
  config = () => Response.json({ siteName: 'x', registration: 'off' });
  history.replaceState(null, '', '/#invite=abc-DEF_1');
  answers = [problem(403, { code: 'invite_invalid' }), welcome()];
  show();
  enter('Username', 'ada');
  enter('Password', 'a lamp in the window');
  press('Create account');
  await screen.findByRole('alert');
  expect(screen.getByLabelText('Invitation code').getAttribute('aria-invalid')).toBe('true');
  expect(location.hash).toBe('#invite=abc-DEF_1');
  press('Create account');
  await isIn();
  expect(sent).toEqual(Array(2).fill({ username: 'ada', password: 'a lamp in the window', invite: 'abc-DEF_1' }));
  expect(location.hash).toBe('');
});

test('a server that does not say how accounts are opened is asked', async () => {
  config = () => problem(503, { code: 'unavailable' });
  answers = [problem(400, { code: 'password_common', field: 'password' })];
  show();
  fireEvent.click(await screen.findByRole('button', { name: 'Create an account' }));
  expect(screen.queryByLabelText('Invitation code')).toBeNull();
  enter('Username', 'ada');
  enter('Password', 'password');
  press('Create account');
  expect((await screen.findByRole('alert')).textContent).toBe('This password is too easy to guess. Choose another one.');
  expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
});

test('the name goes along to the other form and another language, and so does the form; the password does not, and nothing after a log-in', async () => {
  const fields = () => ['Username', 'Password'].map((label) => screen.getByLabelText<HTMLInputElement>(label).value);
  show();
  enter('Username', 'ada');
  enter('Password', 'a lamp in the window');
  fireEvent.click(await screen.findByRole('button', { name: 'Create an account' }));
  expect(fields()).toEqual(['ada', '']);
  enter('Username', 'ada-l');
  enter('Password', 'a lamp in the window');
  cleanup(); // like a change of language
  show();
  screen.getByRole('heading', { name: 'Create your account' });
  expect(fields()).toEqual(['ada-l', '']);
  answers = [welcome()];
  enter('Password', 'a lamp in the window');
  press('Create account');
  await isIn();
  cleanup();
  useAuth.setState({ phase: 'out', user: null });
  show();
  screen.getByRole('heading', { name: 'Welcome back' });
  expect(fields()).toEqual(['', '']);
});
