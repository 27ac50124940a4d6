import { expect, test } from 'vitest';
import { linkedOfUrl, messageOfUrl, sessionOfUrl, urlOfAssistant, urlOfMessage, urlOfSession } from './base';

test('the address and the session name each other', () => {
  expect(urlOfSession(null)).toBe('/');
  expect(urlOfSession('42')).toBe('/s/42');
  expect(sessionOfUrl('/s/42')).toBe('42');
  expect(sessionOfUrl('/')).toBeNull();
  for (const path of ['/s/abc', '/s/abc/', '/s/123456789012345678901', '/s/%2e%2e']) expect(sessionOfUrl(path)).toBe('0');
  expect(sessionOfUrl('/s/')).toBeNull();
});

test('the address may name a message', () => {
  expect(urlOfMessage('42', '7')).toBe('/s/42?m=7');
  expect(messageOfUrl('?m=7')).toBe('7');
  expect(messageOfUrl('?m=x')).toBeNull();
  expect(messageOfUrl('')).toBeNull();
});

test('the address may name an assistant', () => {
  expect(urlOfAssistant('42')).toBe('/?assistant=42');
  expect(linkedOfUrl('?assistant=42', 'assistant')).toBe('42');
  expect(linkedOfUrl('?assistant=42&model=7', 'model')).toBe('7');
  expect(linkedOfUrl('?model=configured', 'model')).toBe('configured');
  for (const search of ['', '?m=1']) expect(linkedOfUrl(search, 'assistant')).toBeNull();
  // such an assistant does not exist, and an error says so
  for (const search of ['?assistant=', '?assistant=x', '?assistant=-1', '?assistant=123456789012345678901']) expect(linkedOfUrl(search, 'assistant')).toBe('0');
});
