import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { SpokenReply } from './SpokenReply';

const reply = (text: string): Message[] => [{ id: 'a', role: 'assistant', parts: [{ type: 'text', text }] }];
const spoken = () => screen.getByRole('status').textContent;

afterEach(cleanup);

test('a reply is told as it comes in, sentence by sentence and to its end', () => {
  const { rerender } = render(<SpokenReply messages={reply('')} busy />);
  expect(spoken()).toBe('Reply started.');
  rerender(<SpokenReply messages={reply('It is late. The la')} busy />);
  expect(spoken()).toBe('It is late. ');
  rerender(<SpokenReply messages={reply('It is late. The lamp')} busy={false} />);
  expect(spoken()).toBe('The lamp');
});

test('what is stored is not told', () => {
  render(<SpokenReply messages={reply('It was late.')} busy={false} />);
  expect(spoken()).toBe('');
});
