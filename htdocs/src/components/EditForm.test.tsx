import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { EditForm } from './EditForm';

const onSend = vi.fn();
const onClose = vi.fn();

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

function Edited() {
  const [changed, setChanged] = useState('As it was');
  return <EditForm text="As it was" changed={changed} focused onChange={setChanged} onSend={onSend} onClose={onClose} />;
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

test('Escape leaves it as it was, and does nothing else on the page', () => {
  const outside = vi.fn();
  window.addEventListener('keydown', outside);
  fireEvent.keyDown(edit('As it is'), { key: 'Escape' });
  window.removeEventListener('keydown', outside);
  expect(onClose).toHaveBeenCalledOnce();
  expect(onSend).not.toHaveBeenCalled();
});
