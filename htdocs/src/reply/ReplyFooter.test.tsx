import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '../api/messages';
import { Conversation } from '../chat/conversation';
import { useModels } from '../stores/models';
import { ReplyFooter } from './ReplyFooter';

const conversation = new Conversation('42', { onStart: vi.fn(), onSession: vi.fn(), onProgress: vi.fn(), onTaken: vi.fn(), onNotSent: vi.fn() });
const goOn = vi.spyOn(conversation, 'goOn').mockResolvedValue();
const regenerate = vi.spyOn(conversation, 'regenerate').mockResolvedValue();

beforeEach(() => void vi.stubGlobal('matchMedia', () => ({ matches: true })));
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

function show(metadata: unknown, { text = 'Half of it', problem = null as string | null, last = true, parts = [{ type: 'text', text }] as Message['parts'] } = {}): void {
  const message: Message = { id: '7', role: 'assistant', parts, metadata };
  render(<ReplyFooter message={message} conversation={conversation} state={last ? { kind: 'last', problem, offers: true } : { kind: 'earlier', idle: true }} />);
}

const button = (name: string): HTMLElement | null => screen.queryByRole('button', { name });

test('a whole reply tells its model and its tokens, and can be copied and asked for again', () => {
  show({ status: 'complete', model: 'lamp-1', usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } });
  expect(screen.getByText('lamp-1 · 7 tokens').title).toBe('3 input tokens, 4 output tokens');
  expect(button('Copy reply')).not.toBeNull();
  expect(button('Continue')).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Reply again' }));
  expect(regenerate).toHaveBeenCalledExactlyOnceWith('7');
});

test('what a reply has cost is told where the site has set prices, and that another model stood in', () => {
  show({ status: 'complete', model: 'lamp-1', cost: 1234, fallbackFor: '7' });
  expect(screen.getByText('lamp-1 · fallback model · cost 0.0012')).toBeDefined();
  cleanup();
  show({ status: 'complete', model: 'lamp-1', cost: 2_345_678 });
  expect(screen.getByText('lamp-1 · cost 2.35')).toBeDefined();
  cleanup();
  show({ status: 'complete', model: 'lamp-1', cost: 0 });
  expect(screen.getByText('lamp-1')).toBeDefined();
  cleanup();
  show({ status: 'complete', model: 'lamp-1', cost: -1, modelId: 7 });
  expect(screen.getByText('lamp-1')).toBeDefined();
});

test('the model goes by the name that the list gives it, apart from another one of that label; at its provider it has another name', () => {
  const model = { abilities: {}, contextTokens: null, problem: null };
  useModels.setState({ models: [{ ...model, id: '7', label: 'Lamp One', provider: 'Lamps' }] });
  show({ status: 'complete', model: 'lamp-1-2026', modelId: '7' });
  expect(screen.getByText('Lamp One').title).toBe('lamp-1-2026');
  cleanup();
  useModels.setState({ models: [{ ...model, id: '7', label: 'Lamp One', provider: 'Lamps' }, { ...model, id: '8', label: 'Lamp One', provider: 'Lanterns' }] });
  show({ status: 'complete', model: 'lamp-1-2026', modelId: '8', usage: { inputTokens: 3, outputTokens: 4 } });
  expect(screen.getByText('Lamp One (Lanterns)').title).toBe('lamp-1-2026 · 3 input tokens, 4 output tokens');
  useModels.setState({ models: [] });
});

test('why a reply failed is told after a reload, too', () => {
  show({ status: 'error', error: { code: 'quota' } });
  expect(screen.getByText('This server’s quota with the model provider is used up. Tell your administrator.')).toBeDefined();
});

test('a fault that is not known, or is over, is told as before', () => {
  show({ status: 'error', error: { code: 'of_a_later_release' } });
  expect(screen.getByText('The model couldn’t finish this reply.')).toBeDefined();
  cleanup();
  show({ status: 'complete', error: null });
  expect(screen.queryByText(/could not|quota/)).toBeNull();
});

test('an interrupted reply offers to continue and to start again', () => {
  show({ status: 'interrupted' });
  expect(screen.getByText('This reply was interrupted. What was shown is saved.')).toBeDefined();
  fireEvent.click(screen.getByRole('button', { name: 'Continue' }));
  expect(goOn).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(regenerate).toHaveBeenCalledExactlyOnceWith('7');
});

test('what the server has just told takes the place of what is known from before', () => {
  show({ status: 'interrupted' }, { problem: 'The model went away.' });
  expect(screen.getByRole('alert').textContent).toBe('The model went away.');
  expect(screen.queryByText(/was interrupted/)).toBeNull();
  expect(button('Continue')).not.toBeNull();
});

test('a reply of which nothing came can only be asked for again', () => {
  show({ status: 'error' }, { text: '' });
  expect(button('Continue')).toBeNull();
  expect(button('Copy reply')).toBeNull();
  expect(button('Try again')).not.toBeNull();
});

const thought = { type: 'reasoning', text: 'Hm.' } as const;
const source = { type: 'source-url', sourceId: '1', url: 'https://example.org/' } as const;
const tool = { type: 'dynamic-tool', toolName: 'time', toolCallId: 'c', state: 'output-available', input: {}, output: 1 } as const;
const step = { type: 'step-start' } as const;
const says = (text: string) => ({ type: 'text', text }) as const;
const parts: [string, Message['parts'], boolean][] = [
  ['nothing', [], true],
  ['blank text', [step, says(' \n')], true],
  ['a hidden thought', [step, { type: 'reasoning', text: '' }], true],
  ['thoughts', [step, thought], true],
  ['sources', [step, source], true],
  ['nothing after tools', [step, says('Let me look.'), tool, step], true],
  ['a thought after tools', [step, tool, step, thought, says('')], true],
  ['an answer after a thought', [step, thought, says('Yes.')], false],
  ['a tool that waits', [step, { ...tool, state: 'approval-requested', output: undefined, approval: { id: 'a' } } as unknown as Message['parts'][number]], false],
  ['a picture', [step, { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AA==' }], false],
];
test.each(parts)('a reply that ends with %s', (_, of, empty) => {
  show({ status: 'complete', finishReason: 'stop' }, { parts: of });
  expect(screen.queryAllByText('The model returned an empty reply.')).toHaveLength(empty ? 1 : 0);
  expect(button('Try again') !== null).toBe(empty);
});

test('why an empty reply ended is told where it is known', () => {
  show({ status: 'complete', finishReason: 'length' }, { parts: [step, thought] });
  expect(screen.getByText('This reply reached the length limit.')).toBeDefined();
  expect(screen.queryByText('The model returned an empty reply.')).toBeNull();
});

test('a stopped reply goes on, and needs no excuse', () => {
  show({ status: 'stopped' });
  expect(button('Continue')).not.toBeNull();
  expect(button('Try again')).toBeNull();
  expect(screen.getByText('stopped')).toBeDefined();
});

test('further up, a broken reply is only marked', () => {
  show({ status: 'interrupted' }, { last: false });
  expect(button('Continue')).toBeNull();
  expect(screen.getByText('interrupted').parentElement?.className).not.toContain('opacity-0');
});

test('says quietly when the model was not shown all of the conversation', () => {
  show({ status: 'complete', context: { tokens: 30000, limit: 32768, leftOut: 4 } }, { last: false });
  expect(screen.getByText(/didn’t see 4 earlier messages or their files/)).toBeDefined();
  cleanup();
  show({ status: 'complete', context: { tokens: 30000, limit: 32768, leftOut: 1 } });
  expect(screen.getByText(/didn’t see 1 earlier message or its files/)).toBeDefined();
  cleanup();
  show({ status: 'complete' });
  expect(screen.queryByText(/didn’t see/)).toBeNull();
});

test('a reply that was rated says so; what was made up is no rating', () => {
  show({ status: 'complete', rating: 'down', ratingComment: 'too long' });
  const pressed = (name: string): string | null => screen.getByRole('button', { name }).getAttribute('aria-pressed');
  expect([pressed('Good reply'), pressed('Bad reply')]).toEqual(['false', 'true']);
  expect(button('Edit comment')).not.toBeNull();
  cleanup();
  show({ status: 'complete', rating: 'sideways', ratingComment: 7 });
  expect([pressed('Good reply'), pressed('Bad reply')]).toEqual(['false', 'false']);
  expect(button('Add a comment')).toBeNull();
});
