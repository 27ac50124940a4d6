import { expect, test } from 'vitest';
import { headersIn, headersText, numberIn, objectIn, priceIn, priceText, textIn } from './entered';

const entered = (value: string): FormData => {
  const data = new FormData();
  data.set('field', value);
  return data;
};

test('a blank field is null', () => {
  for (const blank of ['', '  ']) {
    expect([textIn(entered(blank), 'field'), numberIn(entered(blank), 'field'), priceIn(entered(blank), 'field')]).toEqual([null, null, null]);
  }
  expect(textIn(entered(''), 'another')).toBeNull();
  expect(numberIn(entered('0'), 'field')).toBe(0);
  expect(numberIn(entered('many'), 'field')).toBeNull();
});

test('prices are whole millionths, and come back as they were said', () => {
  for (const [said, millionths] of [['0.1', 100_000], ['2.5', 2_500_000], ['0.000001', 1], ['0.07', 70_000], ['0', 0]] as const) {
    expect(priceIn(entered(said), 'field')).toBe(millionths);
    expect(Number(priceText(millionths))).toBe(Number(said));
  }
  expect(priceText(null)).toBe('');
});

test('each line of a field is a header', () => {
  expect(headersIn(null)).toBeNull();
  expect(headersIn('X-Title: Lamplight\n\n  anthropic-beta:a, b ')).toEqual({ 'X-Title': 'Lamplight', 'anthropic-beta': 'a, b' });
  expect(headersIn(headersText({ a: '...', b: 'x: y' }))).toEqual({ a: '...', b: 'x: y' });
  for (const odd of ['no colon', ': value', 'two words: x', 'X-Empty:']) expect(headersIn(odd)).toBeUndefined();
});

test('options have to be a JSON object', () => {
  expect(objectIn(null)).toBeNull();
  expect(objectIn('{"top_p": 0.5}')).toEqual({ top_p: 0.5 });
  for (const odd of ['[]', 'null', '7', '{']) expect(objectIn(odd)).toBeUndefined();
});
