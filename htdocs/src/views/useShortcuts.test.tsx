import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import * as steps from '../stores/steps';
import { useShortcuts } from './useShortcuts';

const step = vi.spyOn(steps, 'stepToSession').mockImplementation(() => {});

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

function Shortcuts({ text }: { text: string }) {
  useShortcuts(true);
  return <textarea id="composer" defaultValue={text} />;
}

test.each([
  ['MacIntel', 'A text', 0],
  ['MacIntel', '', 2],
  ['Win32', 'A text', 2],
])('Alt and the arrows, on %s in the text "%s", go to %i chats', (platform, text, count) => {
  vi.spyOn(navigator, 'platform', 'get').mockReturnValue(platform);
  render(<Shortcuts text={text} />);
  const field = screen.getByRole('textbox');
  fireEvent.keyDown(field, { key: 'ArrowUp', altKey: true });
  fireEvent.keyDown(field, { key: 'ArrowDown', altKey: true });
  expect(step).toHaveBeenCalledTimes(count);
});
