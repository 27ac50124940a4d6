import { act, cleanup, fireEvent, render, screen, waitFor, type RenderResult } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Model } from '../api/models';
import { keepLogin } from '../api/token';
import { Conversation } from '../chat/conversation';
import { events } from '../chat/testing';
import { offerModels, useModels } from '../stores/models';
import * as picking from '../stores/picking';
import { ModelChoice } from './ModelChoice';

const model = (id: string): Model => ({ id, label: `Model ${id}`, provider: 'Lamps', abilities: {}, contextTokens: null, problem: null });
const models = [model('a'), model('b')];

let rendered: RenderResult;

beforeEach(() => {
  keepLogin({ accessToken: 'token', expiresIn: 900, user: { id: '1', username: 'ada' } });
  useModels.setState({ models, defaultId: 'a', picking: null, known: {}, picked: {} });
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  vi.stubGlobal('fetch', async () => Response.json({ models, defaultId: 'a' }));
  rendered = render(
    <>
      <textarea aria-label="Your message" />
      <ModelChoice conversation={new Conversation(null, events)} models={models} />
    </>,
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const list = (): HTMLElement | null => screen.queryByRole('listbox');
const options = (): HTMLElement | null => screen.queryByLabelText('Temperature');
/** With a mouse, the focus moves first. */
function press(what: HTMLElement): void {
  fireEvent.pointerDown(what);
  act(() => what.focus());
  fireEvent.click(what);
}

test.each([
  ['models', /^Model:/, list],
  ['options', /^Model options/, options],
])('the button of the %s opens them and closes them', (_, name, popup) => {
  press(button(name));
  expect(popup()).not.toBeNull();
  expect(document.activeElement).not.toBe(button(name));
  press(button(name));
  expect(popup()).toBeNull();
});

test('the other button opens the other thing in its place', () => {
  press(button(/^Model:/));
  press(button(/^Model options/));
  expect(list()).toBeNull();
  expect(options()).not.toBeNull();
});

test('whoever goes back to the button by keyboard leaves the list', () => {
  press(button(/^Model:/));
  fireEvent.keyDown(screen.getByRole('listbox'), { key: 'Tab', shiftKey: true });
  act(() => button(/^Model:/).focus());
  expect(list()).toBeNull();
});

test('a list that the page opens does not take the focus from who is typing, and is closed by Escape and by what is typed', () => {
  const field = screen.getByRole('textbox');
  field.focus();
  fireEvent.input(field, { target: { value: 'A' } });
  act(() => offerModels({ kind: 'chat' }));
  expect(list()).not.toBeNull();
  expect(document.activeElement).toBe(field);
  fireEvent.keyDown(field, { key: 'Escape', isComposing: true }); // by the input method
  expect(list()).not.toBeNull();
  fireEvent.keyDown(field, { key: 'Escape' });
  expect(list()).toBeNull();
  act(() => offerModels({ kind: 'chat' }));
  expect(list()).not.toBeNull();
  fireEvent.input(field, { target: { value: 'And' } });
  expect(list()).toBeNull();
  expect(document.activeElement).toBe(field);
});

test('what is typed in it does not close it', () => {
  press(button(/^Model options/));
  fireEvent.input(screen.getByLabelText('Temperature'), { target: { value: '1' } });
  expect(options()).not.toBeNull();
});

test('it takes the focus where nobody is typing, and where a person has opened it', () => {
  act(() => offerModels({ kind: 'chat' }));
  expect(document.activeElement).toBe(list());
  act(() => offerModels(null));
  screen.getByRole('textbox').focus(); // the text there is sent
  act(() => offerModels({ kind: 'chat' }));
  expect(document.activeElement).toBe(list());
  act(() => offerModels(null));
  screen.getByRole('textbox').focus(); // on some systems a button does not take the focus
  fireEvent.click(button(/^Model:/));
  expect(document.activeElement).toBe(list());
  act(() => offerModels(null));
  screen.getByRole('textbox').focus();
  act(() => offerModels({ kind: 'reply', messageId: 'a1' }));
  expect(document.activeElement).toBe(list());
});

test('options that are changed while they are being saved stay to be seen', async () => {
  let go = (): void => {};
  const pick = vi.spyOn(picking, 'pickOptions').mockImplementation(() => new Promise<void>((resolve) => (go = resolve)));
  const save = (): boolean => fireEvent.click(screen.getByRole('button', { name: 'Save' }));
  press(button(/^Model options/));
  fireEvent.input(screen.getByLabelText('Temperature'), { target: { value: '1' } });
  save();
  fireEvent.input(screen.getByLabelText('Temperature'), { target: { value: '1.5' } });
  await act(async () => go());
  expect(screen.getByLabelText<HTMLInputElement>('Temperature').value).toBe('1.5');
  save();
  await act(async () => go());
  await waitFor(() => expect(options()).toBeNull());
  expect(pick.mock.calls.map(([, wish]) => wish.temperature)).toEqual([1, 1.5]);
});

test('options are closed when their chat is left', () => {
  press(button(/^Model options/));
  rendered.rerender(
    <>
      <textarea aria-label="Your message" />
      <ModelChoice conversation={new Conversation(null, events)} models={models} />
    </>,
  );
  expect(options()).toBeNull();
});
