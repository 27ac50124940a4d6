import { expect, test } from 'vitest';
import { actionOf, namesOf, shortcuts, type Keys } from './shortcuts';

const press = (key: string, held: Partial<Keys> = {}): Keys => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held });

test.each([
  [press('O', { ctrlKey: true, shiftKey: true }), 'new'],
  [press('k', { metaKey: true }), 'search'],
  [press('S', { ctrlKey: true, shiftKey: true }), 'sidebar'],
  [press('s', { ctrlKey: true }), null],
  [press('k'), null],
  [press('Escape'), 'stop'],
  [press('Escape', { shiftKey: true }), 'write'],
  [press('ArrowUp', { altKey: true }), 'previous'],
  [press('ArrowUp'), null],
  [press('z', { ctrlKey: true }), 'undo'],
  [press('z', { ctrlKey: true, shiftKey: true }), null],
  [press('/', { ctrlKey: true }), 'help'],
  [press('/', { ctrlKey: true, shiftKey: true }), 'help'],
  [press('/'), null],
  [press('?', { shiftKey: true }), null],
])('%j does %j', (keys, action) => {
  expect(actionOf(keys, false)).toBe(action);
});

test.each([
  [press('k', { metaKey: true }), 'search'],
  [press('k', { ctrlKey: true }), null],
  [press('o', { ctrlKey: true, shiftKey: true }), null],
  [press('ArrowUp', { altKey: true }), 'previous'],
])('on a Mac %j does %j', (keys, action) => {
  expect(actionOf(keys, true)).toBe(action);
});

test('keys are named as they are printed', () => {
  const create = shortcuts.find(({ action }) => action === 'new');
  expect(create && namesOf(create, false)).toEqual(['Ctrl', 'Shift', 'O']);
  expect(create && namesOf(create, true)).toEqual(['⌘', '⇧', 'O']);
});

test('no character alone is a shortcut', () => {
  expect(shortcuts.filter(({ key, command, alt }) => [...key].length === 1 && command !== true && alt !== true)).toEqual([]);
});
