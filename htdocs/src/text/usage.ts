import type { DayOfUse } from '../api/account';

/** Adds the missing days: returns the last `count` UTC days up to today. */
export function everyDay(days: DayOfUse[], count: number, today: Date): DayOfUse[] {
  const known = new Map(days.map((day) => [day.date, day]));
  return Array.from({ length: count }, (_, n) => {
    const date = new Date(today.getTime() - (count - 1 - n) * 86_400_000).toISOString().slice(0, 10);
    return known.get(date) ?? { date, messages: 0, inputTokens: 0, outputTokens: 0 };
  });
}

interface Sums {
  messages: number;
  tokens: number;
}

export function sumsOf(days: DayOfUse[]): Sums {
  return days.reduce<Sums>(
    (sums, { messages, inputTokens, outputTokens }) => ({
      messages: sums.messages + messages,
      tokens: sums.tokens + inputTokens + outputTokens,
    }),
    { messages: 0, tokens: 0 },
  );
}
