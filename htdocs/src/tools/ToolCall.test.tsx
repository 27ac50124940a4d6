import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { ToolUIPart } from 'ai';
import { afterEach, expect, test, vi } from 'vitest';
import { Conversation } from '../chat/conversation';
import { answerTool, approveTool, refuseTool } from '../chat/toolAnswers';
import { ToolCall } from './ToolCall';

vi.mock('../chat/toolAnswers');

const conversation = new Conversation('42', { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() });

vi.stubGlobal('matchMedia', () => ({ matches: false })); // jsdom does not have it

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

const call = { type: 'tool-remove', toolCallId: 'c1', input: { file: 'a.txt' } } as const;
const card = (): HTMLDetailsElement => screen.getAllByRole('group').find((each) => each instanceof HTMLDetailsElement) as HTMLDetailsElement;

test('a call that waits for approval is open, and is allowed or denied', () => {
  const part: ToolUIPart = { ...call, state: 'approval-requested', approval: { id: 'ap' } };
  render(<ToolCall part={part} conversation={conversation} over={false} />);
  expect(card().open).toBe(true);
  fireEvent.click(screen.getByRole('button', { name: 'Allow' }));
  fireEvent.click(screen.getByRole('button', { name: 'Deny' }));
  expect(vi.mocked(approveTool).mock.calls).toEqual([[conversation, 'ap', true], [conversation, 'ap', false]]);
});

test('while something else goes on nothing can be answered', () => {
  render(<ToolCall part={{ ...call, state: 'approval-requested', approval: { id: 'ap' } }} conversation={null} over={false} />);
  expect(card().open).toBe(false);
  expect(screen.queryByRole('button')).toBeNull();
});

test.each([
  ['{"sky": "blue"}', { sky: 'blue' }],
  ['blue, mostly', 'blue, mostly'],
])('an answer is JSON where it is, else text: %s', (typed, sent) => {
  render(<ToolCall part={{ ...call, state: 'input-available' }} conversation={conversation} over={false} />);
  fireEvent.change(screen.getByLabelText('Your answer to remove'), { target: { value: typed } });
  fireEvent.click(screen.getByRole('button', { name: 'Answer' }));
  expect(answerTool).toHaveBeenCalledExactlyOnceWith(conversation, 'remove', 'c1', sent);
});

test('an answer can be refused', () => {
  render(<ToolCall part={{ ...call, state: 'input-available' }} conversation={conversation} over={false} />);
  fireEvent.click(screen.getByRole('button', { name: 'Decline' }));
  expect(refuseTool).toHaveBeenCalledExactlyOnceWith(conversation, 'remove', 'c1', 'The user declined to answer.');
});

test('what the provider does itself is not asked of the reader', () => {
  render(<ToolCall part={{ ...call, state: 'input-available', providerExecuted: true }} conversation={conversation} over={false} />);
  expect(screen.queryByRole('button')).toBeNull();
});

test('what came out is shown, folded', () => {
  render(<ToolCall part={{ ...call, state: 'output-available', output: { removed: true } }} conversation={conversation} over={false} />);
  expect(card().open).toBe(false);
  expect(screen.getByLabelText('Output').textContent).toBe('{\n  "removed": true\n}');
});
