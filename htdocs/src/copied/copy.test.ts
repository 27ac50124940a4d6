import { afterEach, expect, test, vi } from 'vitest';
import { copyText } from './copy';

afterEach(() => vi.unstubAllGlobals());

const oldWay = (allowed: boolean): string[] => {
  const copied: string[] = [];
  document.execCommand = () => {
    copied.push((document.activeElement as HTMLTextAreaElement).value);
    return allowed;
  };
  return copied;
};

test('a page with TLS uses the clipboard', async () => {
  const writeText = vi.fn();
  vi.stubGlobal('isSecureContext', true);
  Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
  await copyText('a lamp');
  expect(writeText).toHaveBeenCalledExactlyOnceWith('a lamp');
});

test('a page without it copies all the same, and leaves nothing behind', async () => {
  vi.stubGlobal('isSecureContext', false);
  const copied = oldWay(true);
  const button = document.body.appendChild(document.createElement('button'));
  button.focus();
  await copyText('a lamp\nin two lines');
  expect(copied).toEqual(['a lamp\nin two lines']);
  expect(document.querySelector('textarea')).toBeNull();
  expect(document.activeElement).toBe(button);
});

test('under a modal dialog it copies from inside of it', async () => {
  vi.stubGlobal('isSecureContext', false);
  const dialog = document.body.appendChild(document.createElement('dialog'));
  vi.spyOn(document, 'querySelector').mockImplementation((selector: string) => (selector === 'dialog:modal' ? dialog : null));
  let inside = false;
  document.execCommand = () => {
    inside = dialog.contains(document.activeElement);
    return true;
  };
  await copyText('a lamp');
  vi.restoreAllMocks();
  expect(inside).toBe(true);
  expect(dialog.childElementCount).toBe(0);
  dialog.remove();
});

test('a refusal is an error', async () => {
  vi.stubGlobal('isSecureContext', false);
  oldWay(false);
  await expect(copyText('a lamp')).rejects.toThrow();
});
