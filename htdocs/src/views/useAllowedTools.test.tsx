import { renderHook } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { approveTool } from '../chat/toolAnswers';
import { placeOf, useAllowed } from '../stores/allowed';
import { useAllowedTools } from './useAllowedTools';

vi.mock('../chat/toolAnswers');
const approve = vi.mocked(approveTool);
beforeEach(() => void approve.mockClear());

const asks = (id: string): Message =>
  ({
    id,
    role: 'assistant',
    parts: [{ type: 'tool-danger', toolCallId: `call-${id}`, state: 'approval-requested', input: {}, approval: { id: `approval-${id}` } }],
  }) as unknown as Message;

function look(busy: boolean, last: Message) {
  const conversation = { sessionId: '7' } as Conversation;
  const { rerender } = renderHook((props: { busy: boolean; last: Message }) => useAllowedTools(conversation, [props.last], 'ada', { busy: props.busy, here: true }), {
    initialProps: { busy, last },
  });
  return { show: (busy: boolean, last: Message) => rerender({ busy, last }) };
}

useAllowed.setState({ tools: { [placeOf('ada', '7')]: ['danger'] } });

test('a call that comes while the page looks on is allowed', () => {
  const { show } = look(true, asks('1'));
  show(false, asks('1'));
  expect(approve).toHaveBeenCalledExactlyOnceWith(expect.anything(), 'approval-1', true);
});

test('a call that was there before is left to its user', () => {
  look(false, asks('1'));
  expect(approve).not.toHaveBeenCalled();
});

test('so is one of another version of a reply, which is only looked at', () => {
  const { show } = look(true, asks('2'));
  show(false, asks('2'));
  approve.mockClear();
  show(false, asks('1'));
  expect(approve).not.toHaveBeenCalled();
});
