import { expect, test } from 'vitest';
import { everyDay, sumsOf } from './usage';

test('days without use are days, too', () => {
  const days = [{ date: '2026-02-28', messages: 2, inputTokens: 10, outputTokens: 5 }, { date: '2026-03-02', messages: 1, inputTokens: 1, outputTokens: 1 }];
  const all = everyDay(days, 4, new Date('2026-03-02T23:59:00Z'));
  expect(all.map(({ date, messages }) => [date, messages])).toEqual([['2026-02-27', 0], ['2026-02-28', 2], ['2026-03-01', 0], ['2026-03-02', 1]]);
  expect(sumsOf(all)).toEqual({ messages: 3, tokens: 17 });
});
