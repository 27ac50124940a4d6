import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { draw } from '../diagram/artist';
import MarkdownBody from './MarkdownBody';

vi.mock('../diagram/artist', { spy: true });

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }));
  vi.mocked(draw).mockReset();
});
afterEach(cleanup);

const begun = 'Here:\n\n```mermaid\nflowchart LR\n  A --> B\n';

test('a diagram is drawn when all of it is there, and not before', async () => {
  vi.mocked(draw).mockResolvedValue({ svg: '<svg xmlns="http://www.w3.org/2000/svg"/>', width: 300, height: 100 });
  const { rerender } = render(<MarkdownBody text={begun} streaming />);
  await screen.findByText(/A --> B/);
  expect(draw).not.toHaveBeenCalled();
  rerender(<MarkdownBody text={`${begun}\`\`\`\n\nAnd then`} streaming />);
  const picture = await screen.findByRole('img');
  expect(picture.getAttribute('src')).toMatch(/^data:image\/svg\+xml/);
  expect(draw).toHaveBeenCalledExactlyOnceWith('flowchart LR\n  A --> B\n', 'light');
});

test('a diagram that cannot be drawn is told, and its source is shown', async () => {
  vi.mocked(draw).mockResolvedValue({ line: 2 });
  const { container } = render(<MarkdownBody text={`${begun}\`\`\``} streaming={false} />);
  await screen.findByText(/line 2 of its source isn’t valid/);
  expect(container.querySelector('pre')?.textContent).toContain('A --> B');
});

test('code of another language is not drawn as a diagram', () => {
  render(<MarkdownBody text={'```sh\nmake run\n```'} streaming={false} />);
  expect(screen.getByText('sh')).toBeTruthy();
  expect(draw).not.toHaveBeenCalled();
});
