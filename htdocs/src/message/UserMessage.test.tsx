import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Conversation } from '../chat/conversation';
import { useAuth } from '../stores/auth';
import * as delivery from '../stores/delivery';
import { useDrafts } from '../stores/drafts';
import { UserMessage } from './UserMessage';

const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() };
const message = { id: '7', role: 'user' as const, parts: [{ type: 'text' as const, text: 'As it was' }] };

afterEach(cleanup);

test.each([
  ['nothing more', 'As it is', undefined],
  ['more', 'As it is, and more', 'As it is, and more'],
])('an edit with %s written while it is being stored', (_, now, left) => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  let store: () => void = () => {};
  vi.spyOn(delivery, 'send').mockImplementation(async (_, __, ___, written) => void (store = written));
  useAuth.setState({ user: { id: '1', username: 'ada' } });
  useDrafts.setState({ drafts: { '1/edit/7': 'As it is' } });
  render(<UserMessage message={message} conversation={new Conversation(null, events)} idle found={false} />);
  const field = screen.getByLabelText('Edit message');
  fireEvent.keyDown(field, { key: 'Enter' });
  fireEvent.change(field, { target: { value: now } });
  act(store);
  expect(useDrafts.getState().drafts['1/edit/7']).toBe(left);
});
