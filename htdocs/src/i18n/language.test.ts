import { expect, test } from 'vitest';
import { preferredLanguage } from './language';

test.each([
  [['ko-KR', 'zh-TW', 'en'], 'zh-CN'],
  [['en-GB', 'zh-CN'], 'en'],
  [['de-AT', 'en'], 'de'],
  [['pt-PT'], 'pt-BR'],
  [['fr-CA'], 'fr'],
  [['es-419'], 'es'],
  [['ja'], 'ja'],
  [['ko'], 'en'],
  [[], 'en'],
])('%j is served in %s', (wishes, language) => {
  expect(preferredLanguage(wishes)).toBe(language);
});
