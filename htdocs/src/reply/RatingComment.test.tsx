import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Conversation } from '../chat/conversation';
import { useDrafts } from '../stores/drafts';
import * as rating from '../stores/rate';
import RatingComment from './RatingComment';

const rated = { id: '7', role: 'assistant' as const, parts: [], metadata: { rating: 'up' as const } };
const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() };
const onClose = vi.fn(cleanup);
const field = (): HTMLInputElement => screen.getByRole('textbox');
const show = () => render(<RatingComment message={rated} conversation={new Conversation(null, events)} onClose={onClose} />);

beforeEach(() => {
  onClose.mockClear();
  useDrafts.setState({ drafts: {} });
});
afterEach(cleanup);

test('a comment that is left by Escape is there again; by Cancel it is not', () => {
  show();
  fireEvent.change(field(), { target: { value: 'Clear, and short' } });
  fireEvent.keyDown(field(), { key: 'Escape' });
  show();
  expect(field().value).toBe('Clear, and short');
  fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  show();
  expect(field().value).toBe('');
});

test('what is typed while it is being saved is there again', async () => {
  let go = (): void => {};
  const rate = vi.spyOn(rating, 'rate').mockReturnValue(new Promise<void>((resolve) => (go = resolve)));
  show();
  fireEvent.change(field(), { target: { value: 'Clear' } });
  fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  fireEvent.change(field(), { target: { value: 'Clear, and short' } });
  go();
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(rate.mock.calls[0]?.[2]).toEqual({ rating: 'up', comment: 'Clear' });
  show();
  expect(field().value).toBe('Clear, and short');
});
