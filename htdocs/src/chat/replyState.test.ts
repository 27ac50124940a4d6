import { expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { isIdle, problemAtEnd, replyStateOf, type End } from './replyState';

const reply = (id: string, status: string): Message => ({ id, role: 'assistant', parts: [], metadata: { status } });
const whole = reply('2', 'complete');
const broken = reply('2', 'error');
const end = (over: Partial<End>): End => ({ last: whole, whole: true, busy: false, problem: null, ...over });

test('the last reply is streaming while something runs, and offers what can be done when nothing does', () => {
  expect(replyStateOf(whole, end({ busy: true }))).toEqual({ kind: 'streaming' });
  expect(replyStateOf(whole, end({}))).toEqual({ kind: 'last', problem: null, offers: true });
});

test('what something follows is an earlier one: a message on screen, or one that is not read yet', () => {
  const earlier = reply('1', 'complete');
  expect(replyStateOf(earlier, end({}))).toEqual({ kind: 'earlier', idle: true });
  expect(replyStateOf(earlier, end({ busy: true }))).toEqual({ kind: 'earlier', idle: false });
  expect(replyStateOf(whole, end({ whole: false }))).toEqual({ kind: 'earlier', idle: true });
  expect([replyStateOf(earlier, end({})), replyStateOf(earlier, end({ busy: true })), replyStateOf(whole, end({})), replyStateOf(whole, end({ busy: true }))].map(isIdle)).toEqual([true, false, true, false]);
});

test.each<[string, Partial<End>, unknown, string | null]>([
  ['of a reply that it broke is told there', { last: broken, problem: 'No.' }, { kind: 'last', problem: 'No.', offers: true }, null],
  ['of anything else is told below, and until it is settled the reply offers nothing', { problem: 'No.' }, { kind: 'last', problem: null, offers: false }, 'No.'],
  ['is told below where the last message on screen is not the last one', { last: broken, whole: false, problem: 'No.' }, { kind: 'earlier', idle: true }, 'No.'],
])('a problem %s', (_, over, state, below) => {
  const at = end(over);
  expect(replyStateOf(at.last as Message, at)).toEqual(state);
  expect(problemAtEnd(at)).toBe(below);
});
