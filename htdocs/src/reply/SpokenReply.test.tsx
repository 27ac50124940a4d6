import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { SpokenReply } from './SpokenReply';

const reply = (text: string, rest: Partial<Message> = {}): Message[] => [{ id: 'a', role: 'assistant', parts: [{ type: 'text', text }], ...rest }];
const spoken = () => screen.getByRole('status').textContent;

afterEach(cleanup);

test('a reply is told as it comes in, sentence by sentence and to its end, without the signs of its markdown', () => {
  const { rerender } = render(<SpokenReply messages={reply('')} busy />);
  expect(spoken()).toBe('Reply started.');
  rerender(<SpokenReply messages={reply('It is **late**. The la')} busy />);
  expect(spoken()).toBe('It is late.');
  rerender(<SpokenReply messages={reply('It is **late**. The lamp: \\(x^2\\)')} busy={false} />);
  expect(spoken()).toBe('The lamp: formula Reply finished.');
});

test('a screen reader hears how a reply ended, too', () => {
  const ends = (rest: Partial<Message>): string | null => {
    const { rerender } = render(<SpokenReply messages={reply('It is late. ')} busy />);
    rerender(<SpokenReply messages={reply('It is late. ', rest)} busy={false} />);
    const said = spoken();
    cleanup();
    return said;
  };
  expect(ends({ metadata: { status: 'stopped' } })).toBe('Reply stopped.');
  expect(ends({ metadata: { status: 'error' } })).toBe('');
  const call = { type: 'tool-remove', toolCallId: 'c', state: 'approval-requested', input: {}, approval: { id: 'a' } } as Message['parts'][number];
  expect(ends({ parts: [{ type: 'text', text: 'It is late. ' }, call] })).toBe('remove needs your approval.');
});

test('a screen reader does not hear stored replies', () => {
  render(<SpokenReply messages={reply('It was late.')} busy={false} />);
  expect(spoken()).toBe('');
});
