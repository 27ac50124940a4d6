import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { RemoteImage } from './RemoteImage';
import { SafeLink } from './SafeLink';

afterEach(cleanup);

test.each(['javascript:alert(1)', 'data:text/html,x', '/api/auth/logout', 'nonsense'])('%s is not a link', (href) => {
  const { container } = render(<SafeLink href={href}>text</SafeLink>);
  expect(container.querySelector('a')).toBeNull();
  expect(container.textContent).toBe('text');
});

test('a link opens apart and learns nothing about the page', () => {
  render(<SafeLink href="https://example.org/">text</SafeLink>);
  const link = screen.getByRole('link');
  expect(link.getAttribute('target')).toBe('_blank');
  expect(link.getAttribute('rel')?.split(' ')).toEqual(expect.arrayContaining(['noopener', 'noreferrer']));
});

test('an image from elsewhere is not loaded', () => {
  const { container } = render(<RemoteImage src="https://example.org/a.png" alt="A lamp" />);
  expect(container.querySelector('img')).toBeNull();
});
