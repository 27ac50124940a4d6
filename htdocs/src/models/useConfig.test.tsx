import { act, renderHook } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { readConfig, type Config } from '../api/config';
import { UnreachableError } from '../api/problem';
import { useConfig } from './useConfig';

vi.mock('../api/config');
const config: Config = { model: 'lamp-1', titles: false, maxBodyBytes: 1 };
afterEach(() => void vi.useRealTimers());

test('a page that begins without a network asks again as soon as there is one, and until it knows', async () => {
  vi.useFakeTimers();
  const read = vi.mocked(readConfig).mockRejectedValue(new UnreachableError());
  const { result, unmount } = renderHook(useConfig);
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(read).toHaveBeenCalledTimes(2);
  expect(result.current).toBeNull();
  read.mockResolvedValue(config);
  window.dispatchEvent(new Event('online'));
  await act(() => vi.advanceTimersByTimeAsync(100));
  expect(result.current).toEqual(config);
  await act(() => vi.advanceTimersByTimeAsync(600_000));
  expect(read).toHaveBeenCalledTimes(3);
  unmount();
});

test('whoever has left is not asked for', async () => {
  vi.useFakeTimers();
  const read = vi.mocked(readConfig).mockReset().mockRejectedValue(new UnreachableError());
  const { unmount } = renderHook(useConfig);
  await vi.advanceTimersByTimeAsync(100);
  unmount();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(read).toHaveBeenCalledTimes(1);
});
