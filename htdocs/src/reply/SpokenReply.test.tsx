import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { SpokenReply } from './SpokenReply';

const reply = (text: string, rest: Partial<Message> = {}): Message[] => [{ id: 'a', role: 'assistant', parts: [{ type: 'text', text }], ...rest }];
const lines = () => Array.from(screen.getByRole('status').children, (line) => line.textContent);
const spoken = () => lines().at(-1) ?? '';

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
  const ends = (rest: Partial<Message>): string => {
    const { rerender } = render(<SpokenReply messages={reply('It is late. ')} busy />);
    rerender(<SpokenReply messages={reply('It is late. ', rest)} busy={false} />);
    const said = spoken();
    cleanup();
    return said;
  };
  expect(ends({ metadata: { status: 'stopped' } })).toBe('Reply stopped.');
  expect(ends({ metadata: { status: 'error' } })).toBe('It is late.');
  const call = { type: 'tool-remove', toolCallId: 'c', state: 'approval-requested', input: {}, approval: { id: 'a' } } as Message['parts'][number];
  expect(ends({ parts: [{ type: 'text', text: 'It is late. ' }, call] })).toBe('remove needs your approval.');
});

test('a screen reader does not hear stored replies', () => {
  render(<SpokenReply messages={reply('It was late.')} busy={false} />);
  expect(spoken()).toBe('');
});

test('what is announced stays beside what follows at once, and does not grow with the reply', () => {
  const { rerender } = render(<SpokenReply messages={[]} busy={false} />);
  rerender(<SpokenReply messages={reply('It is late. ')} busy />);
  rerender(<SpokenReply messages={reply('It is late. The lamp is lit. ')} busy />);
  rerender(<SpokenReply messages={reply('It is late. The lamp is lit. Good night.')} busy={false} />);
  expect(lines()).toEqual(['Reply started.', 'It is late.', 'The lamp is lit.', 'Good night. Reply finished.']);
  const sentences = Array.from({ length: 40 }, (_, n) => `This is sentence ${n}. `);
  const next = (n: number): Message[] => [{ id: 'b', role: 'assistant', parts: [{ type: 'text', text: sentences.slice(0, n).join('') }] }];
  for (let n = 0; n <= sentences.length; n++) rerender(<SpokenReply messages={next(n)} busy />);
  expect(lines().length).toBe(8);
  expect(spoken()).toBe('This is sentence 39.');
});

test('the end of a reply is heard although the next one starts at once', () => {
  const { rerender } = render(<SpokenReply messages={[]} busy={false} />);
  rerender(<SpokenReply messages={reply('It is late.')} busy />);
  rerender(<SpokenReply messages={reply('It is late.')} busy={false} />);
  rerender(<SpokenReply messages={reply('It is late.')} busy />);
  expect(lines()).toEqual(['Reply started.', 'It is late. Reply finished.', 'Reply started.']);
});

test.each([true, false])('a reply that continues after an approval is not read from its beginning (heard here: %s)', (heard) => {
  const { rerender } = render(<SpokenReply messages={heard ? [] : reply('May I?')} busy={heard} />);
  rerender(<SpokenReply messages={reply('May I?')} busy={false} />);
  rerender(<SpokenReply messages={reply('May I?')} busy />);
  rerender(<SpokenReply messages={reply('May I? It is done. ')} busy />);
  rerender(<SpokenReply messages={reply('May I? It is done. Good night.')} busy={false} />);
  expect(lines().slice(-3)).toEqual(['Reply started.', 'It is done.', 'Good night. Reply finished.']);
});

test('the end of a reply is announced although the next one has begun', () => {
  const [first = { id: '', role: 'assistant', parts: [] }] = reply('It is late. The lamp is lit.');
  const question: Message = { id: 'q', role: 'user', parts: [{ type: 'text', text: 'And now?' }] };
  const next: Message = { id: 'b', role: 'assistant', parts: [{ type: 'text', text: 'Now it is dark. ' }] };
  const { rerender } = render(<SpokenReply messages={[]} busy={false} />);
  rerender(<SpokenReply messages={reply('It is late. The')} busy />);
  rerender(<SpokenReply messages={[first, question]} busy />);
  rerender(<SpokenReply messages={[first, question, next]} busy />);
  expect(lines().slice(1)).toEqual(['It is late.', 'The lamp is lit. Reply finished.', 'Now it is dark.']);
});
