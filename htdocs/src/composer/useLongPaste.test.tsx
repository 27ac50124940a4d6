import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as config from '../api/config';
import { useAttachments } from '../stores/attachments';
import { useLongPaste } from './useLongPaste';

const text = 'lamp '.repeat(1000);
let told: (maxBodyBytes: number) => void;
let failed: () => void;

function Field() {
  const field = useRef<HTMLTextAreaElement>(null);
  const { onPaste } = useLongPaste(() => '1/new', field);
  return <textarea ref={field} onPaste={onPaste} />;
}

const files = () => (useAttachments.getState().files['1/new'] ?? []).length;

function paste(): HTMLTextAreaElement {
  render(<Field />);
  const field = screen.getByRole('textbox') as HTMLTextAreaElement;
  fireEvent.paste(field, { clipboardData: { files: [], getData: () => text } });
  return field;
}

beforeEach(() => {
  useAttachments.setState({ files: {} });
  document.execCommand = () => false;
  vi.spyOn(config, 'readConfig').mockImplementation(
    () =>
      new Promise((resolve, reject) => {
        told = (maxBodyBytes) => resolve({ model: '', titles: false, maxBodyBytes });
        failed = () => reject(new Error('offline'));
      }),
  );
});
afterEach(cleanup);

test('a long paste is of the message at once, before the server has said how large one may be', async () => {
  const field = paste();
  expect(files()).toBe(1);
  await act(async () => told(10_000_000));
  expect([files(), field.value]).toEqual([1, '']);
});

test.each([
  ['is too large', () => told(1000)],
  ['may be too large, for all the server says', () => failed()],
])('one that %s becomes a text', async (_, answer) => {
  const field = paste();
  await act(async () => answer());
  expect([files(), field.value]).toEqual([0, text]);
});

test('one that was sent meanwhile stays sent', async () => {
  const field = paste();
  useAttachments.setState({ files: {} });
  await act(async () => failed());
  expect([files(), field.value]).toEqual([0, '']);
});
