import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EditForm } from './EditForm';

const onSend = vi.fn();
const onClose = vi.fn();

const pointer = (coarse: boolean): void => void vi.stubGlobal('matchMedia', () => ({ matches: coarse, addEventListener: vi.fn(), removeEventListener: vi.fn() }));

beforeEach(() => pointer(false));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
  vi.unstubAllGlobals();
});

function Edited() {
  const [changed, setChanged] = useState('As it was');
  return <EditForm text="As it was" changed={changed} focused
      mayGo onChange={setChanged} onSend={onSend} onClose={onClose} />;
}

function edit(text: string): HTMLElement {
  render(<Edited />);
  const field = screen.getByRole('textbox');
  fireEvent.change(field, { target: { value: text } });
  return field;
}

test('Enter sends what has changed', () => {
  fireEvent.keyDown(edit(' As it is \n'), { key: 'Enter' });
  expect(onSend).toHaveBeenCalledExactlyOnceWith('As it is');
});

test.each([
  ['the same text', 'As it was', {}, 1],
  ['nothing', '  ', {}, 0],
  ['Enter of a composition', 'As it is', { isComposing: true }, 0],
  ['Enter that ends a composition in Safari', 'As it is', { keyCode: 229 }, 0],
  ['Shift+Enter', 'As it is', { shiftKey: true }, 0],
])('%s is not sent', (_, text, more, closed) => {
  fireEvent.keyDown(edit(text), { key: 'Enter', ...more });
  expect(onSend).not.toHaveBeenCalled();
  expect(onClose).toHaveBeenCalledTimes(closed);
});

test('on a touch screen Enter breaks the line, as where messages are written', () => {
  pointer(true);
  fireEvent.keyDown(edit('As it is'), { key: 'Enter' });
  expect(onSend).not.toHaveBeenCalled();
  expect(onClose).not.toHaveBeenCalled();
});

test('it begins at its end, and who comes back to it goes on where they were', () => {
  const field = edit('As it is') as HTMLTextAreaElement;
  expect(document.activeElement).toBe(field);
  expect(field.selectionStart).toBe(8);
  field.setSelectionRange(2, 2);
  field.blur();
  field.focus();
  expect(field.selectionStart).toBe(2);
});

test('Escape leaves it as it was, and does nothing else on the page', () => {
  const outside = vi.fn();
  window.addEventListener('keydown', outside);
  fireEvent.keyDown(edit('As it is'), { key: 'Escape' });
  window.removeEventListener('keydown', outside);
  expect(onClose).toHaveBeenCalledOnce();
  expect(onSend).not.toHaveBeenCalled();
});
