import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Conversation } from '../chat/conversation';
import { useDrafts } from '../stores/drafts';
import * as delivery from '../stores/delivery';
import { Composer } from './Composer';

const user = { id: '1', username: 'ada' };
const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() };
const send = vi.spyOn(delivery, 'send').mockImplementation(async (_, __, ___, written) => written());
const matchMedia = (matches: boolean) => () => ({ matches, addEventListener: vi.fn(), removeEventListener: vi.fn() });

function compose(text: string): HTMLElement {
  const view = <Composer conversation={new Conversation(null, events)} user={user} busy={false} disabled={false} />;
  render(view);
  const input = screen.getByLabelText('Your message');
  fireEvent.change(input, { target: { value: text } });
  return input;
}

beforeEach(() => {
  send.mockClear();
  useDrafts.setState({ drafts: {} });
  vi.stubGlobal('matchMedia', matchMedia(false));
});
afterEach(cleanup);

test('Enter sends and empties the field', () => {
  const input = compose('Hello');
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(send).toHaveBeenCalledExactlyOnceWith(expect.any(Conversation), '1', { text: 'Hello', files: [], edits: null }, expect.any(Function));
  expect((input as HTMLTextAreaElement).value).toBe('');
});

test.each([
  ['Shift+Enter', { shiftKey: true }],
  ['Enter that ends a composition', { isComposing: true }],
])('%s does not send', (_, more) => {
  fireEvent.keyDown(compose('Hello'), { key: 'Enter', ...more });
  expect(send).not.toHaveBeenCalled();
});

test('on a touch screen Enter breaks the line', () => {
  vi.stubGlobal('matchMedia', matchMedia(true));
  fireEvent.keyDown(compose('Hello'), { key: 'Enter' });
  expect(send).not.toHaveBeenCalled();
});

test('blanks are not sent', () => {
  fireEvent.keyDown(compose('  \n'), { key: 'Enter' });
  expect(send).not.toHaveBeenCalled();
});
