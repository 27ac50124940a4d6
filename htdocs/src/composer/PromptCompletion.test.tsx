import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Prompt } from '../api/library';
import { keepLogin } from '../api/token';
import { usePrompts } from '../stores/prompts';
import { PromptCompletion } from './PromptCompletion';

configure({ asyncUtilTimeout: 30_000 }); // a busy machine is not a failure
const prompt = (name: string, text: string, mine = true): Prompt => ({ id: name, name, text, mine, published: !mine, version: 1 });
const sent = vi.fn();

function Field() {
  const field = useRef<HTMLTextAreaElement>(null);
  const keys = useRef<((event: KeyboardEvent) => boolean) | null>(null);
  const [text, setText] = useState('');
  return (
    <>
      <PromptCompletion field={field} text={text} keys={keys} />
      <textarea ref={field} aria-label="Message" value={text} onChange={(event) => setText(event.currentTarget.value)} onKeyDown={(event) => keys.current?.(event) === true || sent(event.key)} />
    </>
  );
}
const field = (): HTMLTextAreaElement => screen.getByLabelText('Message');
async function type(text: string): Promise<void> {
  field().focus();
  fireEvent.change(field(), { target: { value: text } });
  field().setSelectionRange(text.length, text.length);
  fireEvent(document, new Event('selectionchange'));
  await Promise.resolve();
}
const options = (): (string | null)[] => screen.queryAllByRole('option').map(({ textContent }) => textContent);

beforeEach(() => {
  sent.mockReset();
  keepLogin({ accessToken: 'token', expiresIn: 900, user: { id: '1', username: 'ada' } });
  const prompts = [prompt('sum', 'Sum up in {{lines}} lines about {{topic}}.'), prompt('sun', 'Sunny.'), prompt('also-sun', 'Too.'), prompt('sum', 'Of another.', false)];
  usePrompts.setState({ prompts });
  vi.stubGlobal('fetch', async () => Response.json({ prompts }));
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  HTMLDialogElement.prototype.showModal ??= function show(this: HTMLDialogElement) {
    this.open = true;
  };
  document.execCommand = () => false;
  render(<Field />);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a slash at the start of a line offers what begins so, and then what has it in it; one’s own first', async () => {
  await type('/su');
  expect(options()).toEqual(['/sumSum up in {{lines}} lines about {{topic}}.', '/sunSunny.', '/sumOf another.', '/also-sunToo.']);
  expect(field().getAttribute('aria-activedescendant')).toBe(screen.getAllByRole('option')[0]?.id);
  for (const other of ['and /su', '/su x', '//', '/nothing', '/su/']) {
    await type(other);
    expect(options()).toEqual([]);
  }
  expect(field().hasAttribute('aria-activedescendant')).toBe(false);
  await type('First.\n/sun');
  expect(options()).toHaveLength(2);
});

test('arrows and Enter or Tab take one, in place of what called it', async () => {
  await type('First.\n/su');
  fireEvent.keyDown(field(), { key: 'ArrowDown' });
  fireEvent.keyDown(field(), { key: 'Enter' });
  expect(field().value).toBe('First.\nSunny.');
  expect(options()).toEqual([]);
  await type('/sun');
  fireEvent.keyDown(field(), { key: 'Tab' });
  expect(field().value).toBe('Sunny.');
  expect(sent).not.toHaveBeenCalled();
  fireEvent.keyDown(field(), { key: 'Enter' });
  expect(sent).toHaveBeenCalledExactlyOnceWith('Enter');
});

test('Escape leaves it at that, and what is typed on asks again', async () => {
  await type('/su');
  fireEvent.keyDown(field(), { key: 'Escape' });
  expect(options()).toEqual([]);
  fireEvent.keyDown(field(), { key: 'Enter' });
  expect(sent).toHaveBeenCalledExactlyOnceWith('Enter');
  await type('/sun');
  expect(options()).toHaveLength(2);
});

test('its fields are asked for, and what is entered stands in them', async () => {
  await type('/sum');
  fireEvent.keyDown(field(), { key: 'Enter' });
  fireEvent.change(await screen.findByLabelText('lines'), { target: { value: '3' } });
  fireEvent.change(screen.getByLabelText('topic'), { target: { value: 'lamps' } });
  fireEvent.click(screen.getByRole('button', { name: 'Insert' }));
  await waitFor(() => expect(field().value).toBe('Sum up in 3 lines about lamps.'));
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('Enter goes from field to field and then inserts; a key that is held down, Shift and an input method do not', async () => {
  await type('/sum');
  fireEvent.keyDown(field(), { key: 'Enter' });
  const [lines, topic] = [await screen.findByLabelText('lines'), screen.getByLabelText('topic')];
  expect(document.activeElement).toBe(lines);
  fireEvent.keyDown(lines, { key: 'Enter', repeat: true });
  fireEvent.keyDown(lines, { key: 'Enter', isComposing: true });
  expect(fireEvent.keyDown(lines, { key: 'Enter', shiftKey: true })).toBe(true); // a new line begins
  expect(document.activeElement).toBe(lines);
  fireEvent.change(lines, { target: { value: '3' } });
  fireEvent.keyDown(lines, { key: 'Enter' });
  expect(document.activeElement).toBe(topic);
  fireEvent.change(topic, { target: { value: 'lamps' } });
  fireEvent.keyDown(topic, { key: 'Enter' });
  await waitFor(() => expect(field().value).toBe('Sum up in 3 lines about lamps.'));
  expect(sent).not.toHaveBeenCalled();
});

test('text that is selected up to beside the dialog closes nothing', async () => {
  await type('/sum');
  fireEvent.keyDown(field(), { key: 'Enter' });
  const lines = await screen.findByLabelText('lines');
  const dialog = screen.getByRole('dialog');
  const close = vi.fn();
  Object.assign(dialog, { close });
  fireEvent.pointerDown(lines);
  fireEvent.click(dialog); // the common beginning of both
  expect(close).not.toHaveBeenCalled();
  fireEvent.pointerDown(dialog);
  fireEvent.click(dialog);
  expect(close).toHaveBeenCalledOnce();
});

test('what closes the fields takes nothing with it; what is inserted is not asked for again', async () => {
  for (const shown of ['', 'lamps', '']) {
    await type('/sum');
    fireEvent.keyDown(field(), { key: 'Enter' });
    const topic = await screen.findByLabelText<HTMLTextAreaElement>('topic');
    expect(topic.value).toBe(shown);
    fireEvent.change(topic, { target: { value: 'lamps' } });
    if (shown === '') fireEvent(screen.getByRole('dialog'), new Event('close'));
    else fireEvent.click(screen.getByRole('button', { name: 'Insert' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  }
});
