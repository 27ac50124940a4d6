import { cleanup, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, expect, test } from 'vitest';
import { useKeptFocus } from './useKeptFocus';

function List({ keys, pinned = [] }: { keys: string[]; pinned?: string[] }) {
  const box = useRef<HTMLElement>(null);
  useKeptFocus(box);
  const line = (key: string) => (
    <li key={key} data-key={key}>
      <button type="button" data-line>{key}</button>
      <button type="button">{`more ${key}`}</button>
    </li>
  );
  return (
    <nav ref={box}>
      <ul>{pinned.map(line)}</ul>
      <ul>{keys.map(line)}</ul>
    </nav>
  );
}

afterEach(cleanup);

const focused = (): string | null => document.activeElement?.textContent ?? null;

test('the focus goes with a line that moves to another group', () => {
  const { rerender } = render(<List keys={['a', 'b', 'c']} />);
  screen.getByText('more b').focus();
  rerender(<List keys={['a', 'c']} pinned={['b']} />);
  expect(focused()).toBe('b');
});

test('with a line that goes, the focus goes to the one in its place, or to the last', () => {
  const { rerender } = render(<List keys={['a', 'b', 'c']} />);
  screen.getByText('b').focus();
  rerender(<List keys={['a', 'c']} />);
  expect(focused()).toBe('c');
  rerender(<List keys={['a']} />);
  expect(focused()).toBe('a');
});

test('whoever has left the list is not called back', async () => {
  const { rerender } = render(<List keys={['a', 'b']} />);
  screen.getByText('b').focus();
  screen.getByText('b').blur();
  await new Promise((resolve) => setTimeout(resolve));
  rerender(<List keys={['a']} />);
  expect(document.activeElement).toBe(document.body);
});
