/** Runs public/first.js as the page does: what it fetches ahead, and for whom. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test, vi } from 'vitest';

const source = readFileSync('public/first.js', 'utf8');

beforeEach(() => {
  localStorage.clear();
  delete window.lamplightRefresh;
  vi.stubGlobal('fetch', vi.fn(() => new Promise(() => {})));
  document.documentElement.dataset['base'] = '../';
  delete document.documentElement.dataset['theme'];
  document.head.innerHTML = '<script data-workspace="a.js b.js" data-en="en.js" data-de="de.js" data-zh="zh.js" data-markdown="m.js"></script>';
});

function fetched(): (string | null)[] {
  new Function(source)();
  return [...document.head.querySelectorAll('link[rel=modulepreload]')].map((link) => link.getAttribute('href'));
}

test('a visitor gets nothing that the sign-in page does not need', () => {
  expect(fetched()).toEqual(['../en.js']);
  expect(fetch).not.toHaveBeenCalled();
});

test('somebody who is logged in gets the workspace in their language, and the renderer last', () => {
  localStorage.setItem('lamplight.login', 'yes');
  expect(fetched()).toEqual(['../en.js', '../a.js', '../b.js', '../m.js']);
  localStorage.setItem('lamplight.language', '{"state":{"chosen":"zh-CN"}}');
  document.head.querySelectorAll('link').forEach((link) => link.remove());
  expect(fetched()).toContain('../zh.js');
});

test('the language is the browser\'s, in whichever country, or English', () => {
  const inLanguage = (language: string): (string | null)[] => {
    vi.spyOn(navigator, 'language', 'get').mockReturnValue(language);
    document.head.querySelectorAll('link').forEach((link) => link.remove());
    return fetched();
  };
  expect(inLanguage('de-CH')).toEqual(['../de.js']);
  expect(inLanguage('ko')).toEqual(['../en.js']);
  vi.restoreAllMocks();
});

test('the next access token of somebody who is logged in is asked for at once', () => {
  localStorage.setItem('lamplight.login', 'yes');
  fetched();
  expect(fetch).toHaveBeenCalledExactlyOnceWith('../api/auth/refresh', { method: 'POST' });
  expect(window.lamplightRefresh).toBeInstanceOf(Promise);
});

test('none is asked for when somebody has logged out, whether the server knows of it or not', () => {
  localStorage.setItem('lamplight.login', 'yes');
  localStorage.setItem('lamplight.leaving', 'yes');
  expect(fetched()).toEqual(['../en.js']);
  expect(fetch).not.toHaveBeenCalled();
});

test('a chosen theme is there before anything is painted', () => {
  localStorage.setItem('lamplight.theme', 'dark');
  fetched();
  expect(document.documentElement.dataset['theme']).toBe('dark');
});
