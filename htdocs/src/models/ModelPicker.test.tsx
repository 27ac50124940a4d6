import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Assistant } from '../api/assistants';
import type { Model } from '../api/models';
import { Conversation } from '../chat/conversation';
import { events } from '../chat/testing';
import { useAssistants } from '../stores/assistants';
import type { Picking } from '../stores/models';
import * as choosing from './chooseModel';
import { ModelPicker } from './ModelPicker';

const assistant = (id: string, name: string): Assistant => ({ id, name, icon: '', description: '', modelId: null, options: null, tools: null, starters: [], mine: false, published: true, version: 1, updateTime: '' });

const model = (id: string, change: Partial<Model> = {}): Model => ({ id, label: `Model ${id}`, provider: 'Lamps', abilities: {}, contextTokens: null, problem: null, ...change });
const choose = vi.spyOn(choosing, 'chooseModel');
const onClose = vi.fn();
const conversation = new Conversation('42', events);

function open(models: Model[], chosen: string | null = models[0]?.id ?? null, picking: Picking = { kind: 'chat' }): HTMLElement {
  render(<ModelPicker conversation={conversation} models={models} chosen={chosen} picking={picking} onClose={onClose} />);
  return screen.getByRole('listbox');
}
const active = (list: HTMLElement): string | null | undefined => {
  const holder = screen.queryByRole('combobox') ?? list;
  return document.getElementById(holder.getAttribute('aria-activedescendant') ?? '')?.textContent;
};

beforeEach(() => {
  vi.clearAllMocks();
  Element.prototype.scrollIntoView = () => Promise.resolve() as unknown as undefined; // as newer browsers do
  choose.mockResolvedValue();
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a few models are a list that holds the focus, begins at the chosen one and is gone through by keys', () => {
  const list = open([model('a'), model('b'), model('c')], 'b');
  expect(document.activeElement).toBe(list);
  expect(screen.queryByRole('combobox')).toBeNull();
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('Model b');
  expect(active(list)).toContain('Model b');
  fireEvent.keyDown(list, { key: 'ArrowDown' });
  fireEvent.keyDown(list, { key: 'ArrowDown' }); // there are no more lines
  expect(active(list)).toContain('Model c');
  fireEvent.keyDown(list, { key: 'Home' });
  expect(active(list)).toContain('Model a');
  fireEvent.keyDown(list, { key: 'Enter' });
  expect(choose).toHaveBeenCalledExactlyOnceWith(conversation, { kind: 'chat' }, 'a');
  expect(onClose).toHaveBeenCalledExactlyOnceWith(true);
});

test('a letter goes to the next name that begins with it', () => {
  const list = open([model('a', { label: 'Amber' }), model('b', { label: 'Beacon' }), model('c', { label: 'Blaze' })]);
  fireEvent.keyDown(list, { key: 'b' });
  expect(active(list)).toContain('Beacon');
  fireEvent.keyDown(list, { key: 'b' });
  expect(active(list)).toContain('Blaze');
  fireEvent.keyDown(list, { key: ' ' });
  expect(choose).toHaveBeenCalledExactlyOnceWith(conversation, { kind: 'chat' }, 'c');
});

test('many models are searched by name and provider, without a mouse', () => {
  const list = open([...Array.from({ length: 9 }, (_, n) => model(`m${n}`)), model('x', { label: 'Café', provider: 'Élan' })]);
  const input = screen.getByRole('combobox', { name: 'Search models' });
  expect(document.activeElement).toBe(input);
  fireEvent.change(input, { target: { value: 'elan cafe' } });
  expect(within(list).getAllByRole('option')).toHaveLength(1);
  fireEvent.keyDown(input, { key: 'Enter', isComposing: true });
  expect(choose).not.toHaveBeenCalled();
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(choose).toHaveBeenCalledExactlyOnceWith(conversation, { kind: 'chat' }, 'x');
  fireEvent.change(input, { target: { value: 'nothing' } });
  expect(within(list).queryAllByRole('option')).toEqual([]);
  expect(screen.getByRole('status').textContent).toBe('No model has this name.');
  fireEvent.keyDown(input, { key: 'Enter' });
  expect(choose).toHaveBeenCalledOnce();
});

test('a screen reader hears what a model can do, and that it has problems', () => {
  open([model('a', { abilities: { tools: true, images: true, files: false }, contextTokens: 128000 }), model('b', { problem: 'failing' })]);
  const [first, second] = screen.getAllByRole('option').map(({ textContent }) => textContent);
  expect(first).toBe('Model aLamps · 128K tokens of contextUses toolsReads images');
  expect(second).toContain('has problems');
});

test('Escape closes it and tells nobody else; so does a press outside, which keeps the focus there', () => {
  const page = vi.fn();
  window.addEventListener('keydown', page);
  const list = open([model('a'), model('b')]);
  fireEvent.keyDown(list, { key: 'Escape' });
  expect(onClose).toHaveBeenLastCalledWith(true);
  expect(page).not.toHaveBeenCalled();
  fireEvent.pointerDown(list);
  expect(onClose).toHaveBeenCalledOnce();
  fireEvent.pointerDown(document.body);
  expect(onClose).toHaveBeenLastCalledWith(false);
  window.removeEventListener('keydown', page);
});

test('two of one label can be told apart, also when one has problems', () => {
  open([model('a', { label: 'Twin' }), model('b', { label: 'Twin', provider: 'Lanterns', problem: 'failing' }), model('c', { label: 'Twin', provider: 'Lanterns' })]);
  const names = screen.getAllByRole('option').map((option) => option.querySelector('[title]')?.textContent);
  expect(names).toEqual(['Twin (Lamps)', 'Twin (Lanterns, 1)', 'Twin (Lanterns, 2)']);
});

test('two assistants of one name can be told apart, without their icons', () => {
  useAssistants.setState({ assistants: [{ ...assistant('100', 'Owl'), icon: '🦉' }, assistant('20', 'Owl'), assistant('30', 'Raven')] });
  open([model('a'), model('b')], 'a', { kind: 'chat', byHand: true });
  const names = screen.getAllByRole('option').map((option) => option.querySelector('[title]')?.textContent);
  expect(names.slice(0, 3)).toEqual(['Owl (2)', 'Owl (1)', 'Raven']);
});

test('who needs another model is told so and gets a model with Enter, and no assistant', () => {
  useAssistants.setState({ assistants: [assistant('10', 'Owl')] });
  const press = (list: HTMLElement): void => void fireEvent.keyDown(list, { key: 'Enter' });
  const list = open([model('a'), model('b')], null);
  expect(screen.getByRole('alert').textContent).toBe('This model is no longer available. Choose another one.');
  expect(screen.getAllByRole('option').map(({ textContent }) => textContent?.slice(0, 7))).toEqual(['Model a', 'Model b']);
  fireEvent.keyDown(list, { key: 'Enter', repeat: true }); // the key press that sent the question
  expect(choose).not.toHaveBeenCalled();
  press(list);
  expect(choose).toHaveBeenLastCalledWith(conversation, { kind: 'chat' }, 'a');
  cleanup();

  const byHand = open([model('a'), model('b')], null, { kind: 'chat', byHand: true });
  expect(screen.queryByRole('alert')).toBeNull();
  expect(active(byHand)).toContain('Model a');
  expect(screen.getAllByRole('option').at(-1)?.textContent).toContain('Owl');
  cleanup();

  open([model('a'), model('b')], 'a', { kind: 'chat', byHand: true });
  expect(screen.getAllByRole('option')[0]?.textContent).toContain('Owl');
});
