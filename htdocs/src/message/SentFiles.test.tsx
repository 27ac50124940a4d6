import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { SentFiles } from './SentFiles';

afterEach(cleanup);

const shown = (url: string, filename?: string): HTMLElement =>
  render(<SentFiles files={[{ type: 'file', mediaType: 'image/x', url, ...(filename === undefined ? {} : { filename }) }]} />).container;

test.each(['data:image/svg+xml,<svg/>', 'data:image/SVG+xml,<svg/>', 'https://example.org/a.png', 'javascript:alert(1)'])('%s is no picture', (url) => {
  expect(shown(url).querySelector('img')).toBeNull();
});

test.each(['data:image/png;base64,iVBORw0KGgo=', 'DATA:image/png;base64,iVBORw0KGgo='])('%s is one', (url) => {
  expect(shown(url).querySelector('img')).not.toBeNull();
});

test('a name is what can be seen of it', () => {
  expect(shown('data:application/pdf,x', 'invoice\u202efdp.exe').textContent).toBe('invoicefdp.exe');
  expect(shown('data:application/pdf,x', '\u200b').textContent).toBe('image/x');
});
