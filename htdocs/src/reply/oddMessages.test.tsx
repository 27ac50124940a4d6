/** Messages unlike any reply of ours, which a client may have stored, or a newer server: each is shown in some form, and none removes the others. */
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '../api/messages';
import { Conversation } from '../chat/conversation';
import { AssistantMessage } from './AssistantMessage';

const conversation = new Conversation('42', { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() });
const end = { type: 'text', text: 'The end of it.' };
const now = new Date().toISOString();

const metadata: Record<string, unknown> = {
  none: undefined,
  'no createTime': { model: 'm', status: 'complete' },
  'createTime junk': { createTime: '<script>' },
  'usage text': { createTime: now, usage: { inputTokens: '<script>' } },
  'usage null': { createTime: now, usage: null },
  'status junk': { createTime: now, status: '<b>' },
  'status of an object': { status: 'constructor' },
  'model number': { createTime: now, model: 5 },
  'model object': { createTime: now, model: {} },
  'finishReason object': { createTime: now, finishReason: {} },
  'siblings junk': { createTime: now, siblings: 'x' },
  'siblings empty': { siblings: [] },
  'siblings of objects': { siblings: [{}, {}] },
  'error text': { status: 'error', error: 'x' },
  'error of tomorrow': { status: 'error', error: { code: 'of_tomorrow' } },
  'context text': { context: { leftOut: 'x' } },
  'a list': [1],
  'a text': 'x',
};

const parts: Record<string, unknown> = {
  'tool name odd': { type: 'tool-<b>', toolCallId: 't', state: 'output-available', input: {}, output: 'x' },
  'tool state unknown': { type: 'tool-x', toolCallId: 't', state: 'of-tomorrow', input: {} },
  'tool without anything': { type: 'dynamic-tool' },
  'tool error of another type': { type: 'tool-x', toolCallId: 't', state: 'output-error', errorText: { a: 1 } },
  'approval missing': { type: 'tool-x', toolCallId: 't', state: 'approval-requested', input: {} },
  'source with a script': { type: 'source-url', sourceId: 's', url: 'javascript:1', title: 'x' },
  'source without an address': { type: 'source-url', sourceId: 's' },
  'source with an object for a title': { type: 'source-url', sourceId: 's', url: 'https://example.org/', title: {} },
  'file svg': { type: 'file', mediaType: 'image/svg+xml', url: 'data:image/svg+xml,<svg/>' },
  'file without an address': { type: 'file', mediaType: 'text/plain' },
  'file with an object for a name': { type: 'file', mediaType: 'text/plain', url: 'data:,x', filename: {} },
  'data part': { type: 'data-x', data: '<script>' },
  'text without text': { type: 'text' },
  'text with a number': { type: 'text', text: 5 },
  'reasoning without text': { type: 'reasoning' },
  'unknown type': { type: 'of-tomorrow', text: {} },
};

function show(message: object): void {
  render(<AssistantMessage message={{ id: 'a1', role: 'assistant', ...message } as Message} conversation={conversation} state={{ kind: 'last', problem: null, offers: true }} />);
}

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined)); // React logs what a boundary has caught
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

test.each(Object.entries(metadata))('metadata: %s', (_, odd) => {
  show({ parts: [end], metadata: odd });
  expect(screen.getByText('The end of it.')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Reply again' })).toBeDefined();
});

test.each(Object.entries(parts))('part: %s', (_, odd) => {
  show({ parts: [odd, end], metadata: { status: 'complete' } });
  expect(screen.getByText('The end of it.')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Reply again' })).toBeDefined();
});

test('a thought without words is not shown, one with words is', () => {
  show({ parts: [{ type: 'reasoning', text: '', state: 'done' }, end], metadata: { status: 'complete' } });
  expect(screen.queryByText('Thoughts')).toBeNull();
  cleanup();
  show({ parts: [{ type: 'reasoning', text: 'hm', state: 'done' }, end], metadata: { status: 'complete' } });
  expect(screen.getByText('Thoughts')).toBeDefined();
});
