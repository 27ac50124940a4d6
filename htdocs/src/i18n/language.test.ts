import { expect, test } from 'vitest';
import { preferredLanguage } from './language';

test.each([
  [['de-DE', 'zh-TW', 'en'], 'zh-CN'],
  [['en-GB', 'zh-CN'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
])('%j is served in %s', (wishes, language) => {
  expect(preferredLanguage(wishes)).toBe(language);
});
