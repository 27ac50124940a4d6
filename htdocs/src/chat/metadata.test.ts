import { expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { metadataOf } from './metadata';

const read = (metadata: unknown) => metadataOf({ id: '7', role: 'assistant', parts: [], metadata });

test('what has the form that it should have is there', () => {
  const metadata = {
    createTime: '2026-11-28T12:00:00Z', model: 'lamp-1', status: 'error', finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
    error: { code: 'silent' }, context: { tokens: 1, limit: 2, leftOut: 3 }, siblings: ['7', '8'],
  };
  expect(read(metadata)).toEqual(metadata);
});

test('whatever has another form, counts as not there', () => {
  const odd = [null, 5, '', '<b>', true, [], {}, [null], { code: 5 }, { leftOut: '4', inputTokens: '<script>' }, ['8'], [7]];
  for (const value of odd) {
    expect(read(value), JSON.stringify(value)).toEqual({});
    for (const name of ['createTime', 'status', 'usage', 'error', 'context', 'siblings', 'toString', '__proto__']) {
      expect(read({ [name]: value }), `${name}: ${JSON.stringify(value)}`).toEqual({});
    }
  }
  expect(read(undefined)).toEqual({});
  expect(read({ model: {}, finishReason: {} })).toEqual({});
  expect(read({ error: null, status: 'complete' })).toEqual({ status: 'complete' });
});

test('a message of any kind is read', () => {
  expect(metadataOf({ id: '1', role: 'user', parts: [] } as Message)).toEqual({});
});
