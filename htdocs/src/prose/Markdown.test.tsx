import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { Markdown } from './Markdown';

vi.mock('./MarkdownBody', () => ({
  default: ({ text }: { text: string }) => {
    if (text === 'bad') throw new Error('the renderer stumbles');
    return <b>{text}</b>;
  },
}));

afterEach(cleanup);

test('the text is there before the renderer is, and formatted as soon as it is', async () => {
  const { container } = render(<Markdown text="good" streaming={false} />);
  expect(container.querySelector('.plain-text')?.textContent).toBe('good');
  expect((await screen.findByText('good', { selector: 'b' })).closest('.plain-text')).toBeNull();
});

test('a text that the renderer stumbles over is shown as it is, and the others stay', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { container } = render(
    <>
      <Markdown text="bad" streaming={false} />
      <Markdown text="good" streaming={false} />
    </>,
  );
  await screen.findByText('good', { selector: 'b' });
  expect(container.querySelector('.plain-text')?.textContent).toBe('bad');
});
