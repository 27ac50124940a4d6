import { expect, test } from 'vitest';
import { scriptLanguage } from './scriptLanguage';

test.each([
  ['電球はどうやって光るのですか？JavaScriptの例も。', 'en', 'ja'],
  ['骨と直', 'zh-CN', 'ja'],
  ['灯泡是怎么工作的？请用 JavaScript 举个例子。', 'en', 'zh'],
  ['灯泡', 'zh-CN', undefined],
  ['電球', 'ja', undefined], // a word without kana
  ['전구는 어떻게 빛나요?', 'de', 'ko'],
  ['המנורה', 'en', 'he'],
  ['How does a lamp work?', 'en', undefined],
  ['The word 光 is Chinese for light, and that is all there is to say.', 'en', undefined],
  ['السعر', 'en', undefined], // Arabic, Persian or Urdu
  ['η = 2', 'en', undefined], // a formula
  ['2 + 2', 'en', undefined],
])('%s, on a page in %s', (text, own, language) => {
  expect(scriptLanguage(text, own)).toBe(language);
});
