import { expect, test } from 'vitest';
import type { Message } from '../api/messages';
import { joinedParts } from './joinedParts';
import { textOf } from './messages';

type Part = Message['parts'][number];

const step: Part = { type: 'step-start' };
const says = (text: string): Part => ({ type: 'text', text });
const calls: Part = { type: 'tool-time', toolCallId: 'c', state: 'output-available', input: {}, output: '' };
const reasons: Part = { type: 'reasoning', text: 'Hm.' };

test('what went on where it had ended is one text, however often', () => {
  expect(joinedParts([step, says('The lam'), step, says('p is '), step, step, says('lit.'), says('')])).toEqual([step, says('The lamp is lit.'), says('')]);
});

test('not a letter is added or lost', () => {
  expect(joinedParts([says('a '), step, says('\n\nb')])).toEqual([says('a \n\nb')]);
  expect(joinedParts([says('a'), step, says('')])).toEqual([says('a')]);
});

test('a text is as far as its last part is', () => {
  expect(joinedParts([{ type: 'text', text: 'a', state: 'done' }, step, { type: 'text', text: 'b', state: 'streaming' }]))
    .toEqual([{ type: 'text', text: 'ab', state: 'streaming' }]);
});

test.each<[string, Part[]]>([
  ['a call between them', [step, says('a'), calls, step, says('b')]],
  ['a call in the next step', [step, says('a'), step, calls, says('b')]],
  ['reasoning between them', [step, says('a'), step, reasons, says('b')]],
  ['no step between them', [step, says('a'), says('b')]],
  ['a step that has just begun', [step, says('a'), step]],
  ['nothing', []],
])('%s: all stays as it is', (_, parts) => {
  expect(joinedParts(parts)).toEqual(parts);
});

test('the parts themselves are left alone', () => {
  const parts = [says('a'), step, says('b')];
  joinedParts(parts);
  expect(parts).toEqual([says('a'), step, says('b')]);
});

test('the text of a message is joined, too', () => {
  expect(textOf({ id: '1', role: 'assistant', parts: [step, says('One sen'), step, says('tence.'), calls, step, says('More.')] }))
    .toBe('One sentence.\n\nMore.');
});
