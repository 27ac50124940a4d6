import { i18n } from '@lingui/core';
import { afterEach, expect, test } from 'vitest';
import { fullTime, shortTime } from './time';

const at = (...when: [number, number, number, number, number]): Date => new Date(...when);
const plain = (text: string): string => text.replace(/\s/g, ' '); // narrow blanks and the like
const speak = (locale: string): void => i18n.loadAndActivate({ locale, messages: {} });
afterEach(() => speak('en'));

test.each([
  ['en', at(2026, 10, 28, 14, 5), '2:05 PM'],
  ['en', at(2026, 10, 27, 14, 5), 'Nov 27, 2:05 PM'],
  ['en', at(2025, 10, 28, 14, 5), 'Nov 28, 2025, 2:05 PM'],
  ['de', at(2026, 10, 28, 14, 5), '14:05'],
  ['de', at(2026, 10, 27, 9, 5), '27. Nov., 9:05'],
  ['ja', at(2026, 10, 27, 14, 5), '11月27日 14:05'],
])('%s: %s is short', (locale, time, said) => {
  speak(locale);
  const text = plain(shortTime(time, at(2026, 10, 28, 23, 59)));
  expect(text.replace('09:05', '9:05').replace(' um ', ', ')).toBe(said);
});

test('the full time has the day, the seconds and the zone', () => {
  speak('en');
  expect(plain(fullTime(at(2026, 10, 28, 14, 5)))).toMatch(/^Saturday, November 28, 2026 at 2:05:00 PM \S+/);
  speak('zh-CN');
  expect(fullTime(at(2026, 10, 28, 14, 5))).toContain('2026年11月28日');
});
