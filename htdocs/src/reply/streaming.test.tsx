/** While a reply streams in, only the block that is being written is drawn again. */
import { cleanup, render } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '../api/messages';
import { Conversation } from '../chat/conversation';
import MarkdownBody from '../prose/MarkdownBody';
import { AssistantMessage } from './AssistantMessage';

/** How often each link has been drawn, by its address; every block of the texts below contains one. */
const drawn = new Map<string, number>();

vi.mock('../prose/SafeLink', () => ({
  SafeLink: ({ href = '' }: { href?: string }) => {
    drawn.set(href, (drawn.get(href) ?? 0) + 1);
    return null;
  },
}));

beforeEach(() => drawn.clear());
afterEach(cleanup);

const block = (name: string): string => `Some words about [${name}](https://example.org/${name}).`;
const address = (name: string): string => `https://example.org/${name}`;

test('finished blocks of a text are not drawn again', () => {
  const { rerender } = render(<MarkdownBody text={block('one')} streaming />);
  let text = `${block('one')}\n\n- a list with ${block('two')}\n- and more\n\n`;
  rerender(<MarkdownBody text={text} streaming />);
  const before = new Map(drawn);
  for (const word of `${block('three')} And so on, word by word, until it ends.`.split(' ')) {
    text += `${word} `;
    rerender(<MarkdownBody text={text} streaming />);
  }
  expect(drawn.get(address('three'))).toBeGreaterThan(3); // the test notices what is drawn
  expect(drawn.get(address('one'))).toBe(before.get(address('one')));
  expect(drawn.get(address('two'))).toBe(before.get(address('two')));
});

const nothing = (): void => {};
const conversation = new Conversation(null, { onStart: nothing, onSession: nothing, onProgress: nothing, onTaken: nothing, onNotSent: nothing });

test('finished parts of a reply, and earlier replies, are not drawn again', async () => {
  const reply = (id: string, ...texts: string[]): Message => ({ id, role: 'assistant', parts: texts.map((text) => ({ type: 'text', text })) });
  const earlier = reply('1', block('earlier'));
  const list = (last: Message) => (
    <>
      {[earlier, last].map((message) => (
        <AssistantMessage key={message.id} message={message} conversation={conversation}
          state={message === last ? { kind: 'streaming' } : { kind: 'earlier', idle: false }} />
      ))}
    </>
  );
  const { rerender } = render(list(reply('2', block('first'), '')));
  await vi.waitFor(() => expect(drawn.get(address('earlier'))).toBeGreaterThan(0)); // the renderer is loaded
  const before = new Map(drawn);
  for (let words = 1; words < 8; words++) rerender(list(reply('2', block('first'), `${block('second')} ${'word '.repeat(words)}`)));
  expect(drawn.get(address('second'))).toBeGreaterThan(3);
  expect(drawn.get(address('first'))).toBe(before.get(address('first')));
  expect(drawn.get(address('earlier'))).toBe(before.get(address('earlier')));
});

test('what was there when a reply went on where it had ended', async () => {
  const reply = (...texts: string[]) => {
    const parts = texts.flatMap<Message['parts'][number]>((text) => [{ type: 'step-start' }, { type: 'text', text }]);
    return (
      <AssistantMessage message={{ id: '1', role: 'assistant', parts }} conversation={conversation}
        state={texts.length > 1 ? { kind: 'streaming' } : { kind: 'last', problem: null, offers: false }} />
    );
  };
  const start = `${block('one')}\n\n${block('two')}\n\nWords about [thr`;
  const { container, rerender } = render(reply(start));
  await vi.waitFor(() => expect(drawn.get(address('two'))).toBeGreaterThan(0));
  rerender(reply(start, 'ee](https://example.org/three)'));
  const before = new Map(drawn);
  for (let words = 1; words < 8; words++) rerender(reply(start, `ee](https://example.org/three) ${'word '.repeat(words)}`));
  expect(container.querySelectorAll('p')).toHaveLength(3);
  expect(drawn.get(address('three'))).toBeGreaterThan(3);
  expect(drawn.get(address('one'))).toBe(before.get(address('one')));
  expect(drawn.get(address('two'))).toBe(before.get(address('two')));
});
