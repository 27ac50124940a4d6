import { readFileSync } from 'node:fs';
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

test('every sentence is translated', () => {
  const catalog = readFileSync('src/i18n/locales/zh-CN.po', 'utf8').split('\n\n').slice(1);
  expect(catalog.filter((entry) => /^msgstr ""$/m.test(entry) && !/^msgstr ""\n"/m.test(entry))).toEqual([]);
});
