import { expect, test } from 'vitest';
import { ApiError, LostConnectionError, sentenceOf, UnreachableError } from './problem';

const away = new UnreachableError().message;
const unknown = 'Something went wrong. Try again.';

test.each<[string, unknown, string]>([
  ['a refusal', new ApiError(503, 'unavailable', 'The server isn’t available right now.'), 'The server isn’t available right now.'],
  ['a lost connection', new LostConnectionError(), 'The connection was lost during the reply.'],
  ['what the server says in a stream', new Error('No.'), 'No.'],
  ['code that cannot come, in Chromium', new TypeError('Failed to fetch dynamically imported module: https://example.org/a.js'), away],
  ['code that cannot come, in Firefox', new TypeError('error loading dynamically imported module: https://example.org/a.js'), away],
  ['code that cannot come, in Safari', new TypeError('Importing a module script failed.'), away],
  ['a body that breaks off, in Chromium', new TypeError('network error'), away],
  ['a body that breaks off, in Firefox', new TypeError('Error in input stream'), away],
  ['a body that breaks off, in Safari', new TypeError('Load failed'), away],
  ['no room', new DOMException('The quota has been exceeded.', 'QuotaExceededError'), 'There isn’t enough room on this device.'],
  ['no permission', new DOMException('not allowed', 'NotAllowedError'), unknown],
  ['what is no JSON', new SyntaxError('Unexpected token < in JSON at position 0'), unknown],
  ['a fault of the page', new TypeError("Cannot read properties of undefined (reading 'id')"), unknown],
  ['a fault of a library', Object.assign(new Error('Type validation failed: Value: {}.'), { name: 'AI_TypeValidationError' }), unknown],
  ['nothing that can be told', undefined, unknown],
])('%s is told in a plain sentence', (_, error, sentence) => {
  expect(sentenceOf(error)).toBe(sentence);
});
