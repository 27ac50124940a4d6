import { expect, test } from 'vitest';
import { sessionOfUrl, urlOfSession } from './base';

test('the address and the session name each other', () => {
  expect(urlOfSession(null)).toBe('/');
  expect(urlOfSession('42')).toBe('/s/42');
  expect(sessionOfUrl('/s/42')).toBe('42');
  expect(sessionOfUrl('/')).toBeNull();
  expect(sessionOfUrl('/s/abc')).toBeNull();
});
