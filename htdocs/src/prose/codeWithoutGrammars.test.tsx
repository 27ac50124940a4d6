import { render } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import MarkdownBody from './MarkdownBody';

const asked = vi.hoisted(() => vi.fn());
vi.mock('./ColouredCode', () => {
  asked();
  throw new Error('it cannot be fetched');
});

test('code stays plain when its grammars cannot be fetched', async () => {
  const { container } = render(<MarkdownBody text={'```js\nconst x = 1;\n```'} streaming={false} />);
  await vi.waitFor(() => expect(asked).toHaveBeenCalled());
  await new Promise((resolve) => setTimeout(resolve)); // the failure has arrived, too
  expect(container.querySelector('pre code')?.innerHTML).toBe('const x = 1;\n');
});
