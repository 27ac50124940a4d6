import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Conversation } from '../chat/conversation';
import { useAttachments } from '../stores/attachments';
import * as delivery from '../stores/delivery';
import { useDrafts } from '../stores/drafts';
import { Composer } from './Composer';
import * as attaching from './useAttach';

const user = { id: '1', username: 'ada' };
const events = { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() };
const send = vi.spyOn(delivery, 'send').mockImplementation(async (_, __, ___, written) => written());
const matchMedia = (matches: boolean) => () => ({ matches, addEventListener: vi.fn(), removeEventListener: vi.fn() });

function compose(text: string, conversation = new Conversation(null, events)): HTMLElement {
  const view = <Composer conversation={conversation} user={user} busy={false} disabled={false} />;
  render(view);
  const input = screen.getByLabelText('Your message');
  fireEvent.change(input, { target: { value: text } });
  return input;
}

beforeEach(() => {
  send.mockClear();
  useDrafts.setState({ drafts: {} });
  useAttachments.setState({ files: {} });
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
  ['Enter that ends a composition in Safari', { keyCode: 229 }],
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

/** The result of a paste: which files are attached, and whether the browser inserts the text. */
function paste(text: string, names: string[], html = ''): { attached: number; typed: boolean } {
  const attach = vi.fn(async () => {});
  vi.spyOn(attaching, 'useAttach').mockReturnValue(attach);
  const files = names.map((name) => new File(['x'], name, { type: 'image/png' }));
  const data: Record<string, string> = { 'text/plain': text, 'text/html': html };
  const typed = fireEvent.paste(compose(''), { clipboardData: { files, getData: (type: string) => data[type] ?? '' } });
  return { attached: attach.mock.calls.length, typed };
}

test.each([
  ['a picture alone', ['', ['image.png']], { attached: 1, typed: false }],
  ['a picture and a text', ['What is this?', ['image.png']], { attached: 1, typed: true }],
  ['files of a file manager, by name', ['a b.png\r\nc.png', ['a b.png', 'c.png']], { attached: 1, typed: false }],
  ['files of a file manager, by path', ['"C:\\Pictures\\c.png"', ['c.png']], { attached: 1, typed: false }],
  ['files of a file manager, by address', ['file:///home/ada/a%20b.png', ['a b.png']], { attached: 1, typed: false }],
  ['a text in which a name stands', ['c.png\nWhat is this?', ['c.png']], { attached: 1, typed: true }],
  ['cells with a picture of themselves', ['1\t2', ['image.png'], '<table></table>'], { attached: 0, typed: true }],
] as [string, Parameters<typeof paste>, ReturnType<typeof paste>][])('pasting %s', (_, pasted, wanted) => {
  expect(paste(...pasted)).toEqual(wanted);
});

const file = (name: string) => ({ type: 'file' as const, mediaType: 'text/plain', filename: name, url: 'data:text/plain,a' });

test.each([
  ['behind it', 'Hello\n and more', 'and more'],
  ['in it', 'Oh, Hello', 'Oh, Hello'],
])('what is written (%s) and attached while a message is being stored is of the next one', (_, now, left) => {
  let store: () => void = () => {};
  send.mockImplementationOnce(async (_, __, ___, written) => void (store = written));
  const sent = file('a.txt');
  const later = file('b.txt');
  useAttachments.getState().put('1/new', [sent]);
  const input = compose('Hello') as HTMLTextAreaElement;
  fireEvent.keyDown(input, { key: 'Enter' });
  fireEvent.change(input, { target: { value: now } });
  act(() => useAttachments.getState().put('1/new', [later]));
  act(store);
  expect(input.value).toBe(left);
  expect(useAttachments.getState().files['1/new']).toEqual([later]);
});

test.each([[{}, 'As it was'], [{ '1/edit/7': 'As it will be' }, 'As it will be']])('ArrowUp in the empty field changes the last message, and an edit goes on: %j', (drafts, text) => {
  const conversation = new Conversation(null, events);
  conversation.chat.messages = [{ id: '7', role: 'user', parts: [{ type: 'text', text: 'As it was' }] }];
  useDrafts.setState({ drafts });
  fireEvent.keyDown(compose('', conversation), { key: 'ArrowUp' });
  expect(useDrafts.getState().drafts['1/edit/7']).toBe(text);
});

const picture = new File(['a'], 'image.png', { type: 'image/png' });
const pdf = new File(['a'], 'a.pdf', { type: 'application/pdf' });

test.each([
  ['cells with their picture', { 'text/plain': 'a\tb', 'text/html': '<table>' }, [picture], false],
  ['a picture of a page', { 'text/html': '<img>' }, [picture], true],
  ['a picture', {}, [picture], true],
  ['a file with its name', { 'text/plain': 'a.pdf', 'text/html': 'a.pdf' }, [pdf], true],
  ['text', { 'text/plain': 'a' }, [], false],
])('pasted: %s', (_, data: Record<string, string>, files, taken) => {
  const input = compose('');
  const untouched = fireEvent.paste(input, { clipboardData: { files, getData: (type: string) => data[type] ?? '' } });
  expect(untouched).toBe(!taken);
});
