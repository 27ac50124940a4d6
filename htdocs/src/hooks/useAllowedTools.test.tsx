import { renderHook } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { placeOf, useAllowed } from '../stores/allowed';
import { useAllowedTools } from './useAllowedTools';

const asks = (id: string): Message =>
  ({
    id,
    role: 'assistant',
    parts: [{ type: 'tool-danger', toolCallId: `call-${id}`, state: 'approval-requested', input: {}, approval: { id: `approval-${id}` } }],
  }) as unknown as Message;

function look(busy: boolean, last: Message) {
  const approveTool = vi.fn(() => Promise.resolve());
  const conversation = { sessionId: '7', approveTool } as unknown as Conversation;
  const { rerender } = renderHook((props: { busy: boolean; last: Message }) => useAllowedTools(conversation, [props.last], 'ada', { busy: props.busy, here: true }), {
    initialProps: { busy, last },
  });
  return { approveTool, show: (busy: boolean, last: Message) => rerender({ busy, last }) };
}

useAllowed.setState({ tools: { [placeOf('ada', '7')]: ['danger'] } });

test('a call that comes while the page looks on is allowed', () => {
  const { approveTool, show } = look(true, asks('1'));
  show(false, asks('1'));
  expect(approveTool).toHaveBeenCalledWith('approval-1', true);
});

test('a call that was there before is left to its user', () => {
  expect(look(false, asks('1')).approveTool).not.toHaveBeenCalled();
});

test('so is one of another version of a reply, which is only looked at', () => {
  const { approveTool, show } = look(true, asks('2'));
  show(false, asks('2'));
  approveTool.mockClear();
  show(false, asks('1'));
  expect(approveTool).not.toHaveBeenCalled();
});
