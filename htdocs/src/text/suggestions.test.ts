import { expect, test } from 'vitest';
import { suggestionsOf } from './suggestions';

const config = { model: 'gpt', titles: false, maxBodyBytes: 1 };

test('a real model suggests nothing by itself, the demo model what it can show', () => {
  expect(suggestionsOf(config, 'en')).toEqual([]);
  expect(suggestionsOf({ ...config, model: 'demo' }, 'en')).toContain('Show me a table of the planets');
});

test('the operator’s take the place of the demo model’s', () => {
  expect(suggestionsOf({ ...config, model: 'demo', suggestions: ['Plan'] }, 'ja')).toEqual(['Plan']);
});

const many = { 'pt-BR': ['planejar'], DE: ['planen'], en: ['plan'] };

test.each([
  ['de', 'planen'],
  ['pt-BR', 'planejar'],
  ['pt-PT', 'planejar'],
  ['fr', 'plan'],
])('of several languages %s gets %s', (language, said) => {
  expect(suggestionsOf({ ...config, suggestions: many }, language)).toEqual([said]);
});

test('without the reader’s language or English the first is better than none', () => {
  expect(suggestionsOf({ ...config, suggestions: { fr: ['planifier'] } }, 'ja')).toEqual(['planifier']);
});
