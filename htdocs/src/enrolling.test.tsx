import { cleanup, configure, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { call } from './api/http';
import { forgetLogin } from './api/token';
import { App } from './App';
import { logIn, useAuth } from './stores/auth';

vi.mock('./workspace', () => ({ default: () => <p>The workspace</p> }));
vi.mock('./account/QrCode', () => ({ default: () => null }));
vi.mock('sonner', () => ({ Toaster: () => null, toast: { success: () => {} } }));

configure({ asyncUtilTimeout: 15_000 }); // the view is imported dynamically

const user = { id: '1', username: 'ada' };
const problem = (status: number, code: string) => Response.json({ code }, { status });
let answers: Record<string, () => Response>;
let sent: [string, unknown][];

beforeEach(() => {
  localStorage.clear();
  forgetLogin();
  sent = [];
  answers = {
    'auth/login': () => Response.json({ accessToken: 'token', expiresIn: 900, user, secondFactorRequired: true }),
    'auth/refresh': () => Response.json({ accessToken: 'token', expiresIn: 900, user }),
    'auth/logout': () => new Response(null, { status: 204 }),
    'me/factors': () => Response.json({ totp: false, recoveryCodes: 0 }),
    'me/totp': () => Response.json({ secret: 'ABCD', uri: 'otpauth://totp/x?secret=ABCD' }, { status: 201 }),
    'me/totp/confirm': () => Response.json({ recoveryCodes: ['AAAA-BBBB'] }),
    'ai/sessions': () => problem(403, 'second_factor_required'),
  };
  vi.stubGlobal('fetch', async (input: string, init: RequestInit) => {
    const path = /api\/(.*)$/.exec(input)?.[1] ?? '';
    sent.push([path, init.body === undefined ? undefined : JSON.parse(String(init.body))]);
    return answers[path]?.() ?? problem(404, 'not_found');
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const sentence = 'This site requires two-factor authentication. Turn it on to continue.';

test('a login that has to set up a second factor sees nothing else, until it has', async () => {
  await logIn({ username: 'ada', password: 'a lamp' });
  expect(useAuth.getState().phase).toBe('enrolling');
  render(<App />);
  await screen.findByText(sentence);
  fireEvent.click(await screen.findByRole('button', { name: 'Turn on' }));
  fireEvent.change(await screen.findByLabelText('Your password'), { target: { value: 'a lamp' } });
  fireEvent.submit(screen.getByRole('button', { name: 'Continue' }));
  fireEvent.change(await screen.findByLabelText('6-digit code'), { target: { value: '123456' } });
  fireEvent.submit(screen.getByRole('button', { name: 'Turn on' }));
  await screen.findByText('AAAA-BBBB');
  expect(sent).toContainEqual(['me/totp/confirm', { code: '123456' }]);
  fireEvent.click(screen.getByRole('button', { name: 'I’ve saved them' }));
  await vi.waitFor(() => expect(useAuth.getState().phase).toBe('in'));
}, 30_000);

test('it can log out, and says so when the factor is on already', async () => {
  answers['me/factors'] = () => Response.json({ totp: true, recoveryCodes: 3 });
  await logIn({ username: 'ada', password: 'a lamp' });
  render(<App />);
  await screen.findByText('Two-factor authentication is on. Please log in again.');
  expect(screen.queryByRole('button', { name: 'Turn off' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Log out' }));
  await vi.waitFor(() => expect(useAuth.getState().phase).toBe('out'));
});

test('a demand that comes later leads there, too', async () => {
  useAuth.setState({ phase: 'in', user });
  await expect(call('GET', 'ai/sessions')).rejects.toThrow(sentence);
  expect(useAuth.getState().phase).toBe('enrolling');
});

test('a log-out in another tab is one here', async () => {
  answers['auth/login'] = answers['auth/refresh'] as () => Response;
  await logIn({ username: 'ada', password: 'a lamp' });
  const hear = (): void => void window.dispatchEvent(new StorageEvent('storage', { key: 'lamplight.login', storageArea: localStorage }));
  hear();
  expect(useAuth.getState().phase).toBe('in');
  localStorage.removeItem('lamplight.login');
  hear();
  expect(useAuth.getState()).toMatchObject({ phase: 'out', user: null, notice: null });
});
