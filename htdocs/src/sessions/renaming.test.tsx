import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ApiError } from '../api/problem';
import type { Session } from '../api/sessions';
import * as said from '../stores/sayError';
import * as pages from '../stores/sessionPages';
import { SessionRow } from './SessionRow';

const session = { id: '5', title: 'Lamps', archived: false, temporary: false, status: 'idle', asking: false } as unknown as Session;
const field = (): HTMLInputElement => screen.getByRole('textbox', { name: 'Chat title' });

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.spyOn(said, 'sayError').mockReturnValue();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test.each(['nowhere', 'elsewhere'])('a title that the server does not take stays in its field, and why is said; the focus is %s', async (where) => {
  vi.spyOn(pages, 'change').mockRejectedValue(new ApiError(503, 'unavailable', 'Away.'));
  render(
    <>
      <SessionRow session={session} current={false} onChosen={() => {}} />
      <textarea aria-label="Your message" />
    </>,
  );
  fireEvent.doubleClick(screen.getByRole('link'));
  fireEvent.change(field(), { target: { value: 'A long and thoughtful title' } });
  fireEvent.blur(field());
  if (where === 'elsewhere') screen.getByLabelText('Your message').focus();
  await waitFor(() => expect(field().value).toBe('A long and thoughtful title'));
  await waitFor(() => expect(said.sayError).toHaveBeenCalledOnce());
  expect(document.activeElement).toBe(where === 'elsewhere' ? screen.getByLabelText('Your message') : field());
  field().focus();
  fireEvent.keyDown(field(), { key: 'Escape' });
  await waitFor(() => expect(screen.queryByRole('textbox', { name: 'Chat title' })).toBeNull());
});
