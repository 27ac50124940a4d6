/** Tests a browser without highlights, such as jsdom. */
import { afterEach, expect, test } from 'vitest';
import { mark, unmark } from './mark';
import { rangesOf } from './ranges';

afterEach(unmark);

function found(words: string): Range[] {
  document.body.innerHTML = '<p>A lamp in the window, and another lamp</p><p id="other">something else</p>';
  return rangesOf(document.body, words);
}

test('the first place is selected', () => {
  mark(found('lamp'));
  expect(getSelection()?.toString()).toBe('lamp');
  expect(getSelection()?.getRangeAt(0).startOffset).toBe(2);
});

test('what the reader selects afterwards stays, however often the list is drawn', () => {
  const ranges = found('lamp');
  mark(ranges);
  getSelection()?.selectAllChildren(document.getElementById('other') as HTMLElement);
  mark(ranges);
  expect(getSelection()?.toString()).toBe('something else');
});

test('a place that comes later, and the next search, are selected', () => {
  const ranges = found('lamp');
  mark([]);
  mark(ranges);
  expect(getSelection()?.toString()).toBe('lamp');
  unmark();
  mark(found('window'));
  expect(getSelection()?.toString()).toBe('window');
});
