import { afterEach, expect, test, vi } from 'vitest';
import { call } from '../api/http';
import { ApiError, UnreachableError } from '../api/problem';
import { save } from './download';
import { exportEverything, type Progress } from './everything';

vi.mock('../api/http', async (original) => ({ ...(await original<typeof import('../api/http')>()), call: vi.fn() }));
vi.mock('./download', async (original) => ({ ...(await original<typeof import('./download')>()), save: vi.fn() }));
vi.mock('../chat/pause', () => ({ connectionPause: vi.fn(async () => {}) }));

const asked = vi.mocked(call);
const offered = vi.mocked(save);
afterEach(() => void vi.resetAllMocks());

const session = (id: string, title: string): object => ({ type: 'session', session: { id, title, createTime: '2026-01-02T03:04:05.000Z', updateTime: '2026-01-02T03:04:05.000Z' } });
const message = (sessionId: string, text: string, shown = true): object => ({ type: 'message', sessionId, parentId: null, shown, message: { id: '1', role: 'user', parts: [{ type: 'text', text }], metadata: {} } });
const page = (lines: object[], next?: string): Response =>
  new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), next === undefined ? {} : { headers: { link: `</api/ai/sessions/export?cursor=${next}>; rel="next"` } });

const first = [{ type: 'account', account: { id: '1', username: 'ada' }, sessions: 2 }, { type: 'usage', usage: {} }, session('7', 'Same'), message('7', 'one')];
const second = [message('7', 'hidden', false), message('7', 'two 中'), session('8', 'same')];

const textOf = async (blob: Blob): Promise<string> => new TextDecoder().decode(await new Promise<ArrayBuffer>((resolve) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result as ArrayBuffer);
  reader.readAsArrayBuffer(blob);
}));

test('the lines of all pages are one file, and the pages are told as they come', async () => {
  asked.mockResolvedValueOnce(page(first, '7-1')).mockResolvedValueOnce(page(second));
  const told: Progress[] = [];
  await exportEverything('jsonl', new AbortController().signal, (progress) => told.push(progress));
  expect(asked.mock.calls.map(([, path]) => path)).toEqual(['ai/sessions/export', 'ai/sessions/export?cursor=7-1']);
  expect(told.map(({ sessions, of }) => [sessions, of])).toEqual([[1, 2], [2, 2]]);
  const [name, blob] = offered.mock.calls[0] ?? [];
  expect(told[1]?.bytes).toBe(blob?.size);
  expect(name).toMatch(/^lamplight-\d{4}-\d\d-\d\d\.jsonl$/);
  expect((await textOf(blob as Blob)).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([...first, ...second]);
});

test('a page that does not come is asked for again; a refusal for good ends it', async () => {
  asked.mockRejectedValueOnce(new UnreachableError()).mockRejectedValueOnce(new ApiError(429, 'rate_limited', 'Too many.', undefined, 3)).mockResolvedValueOnce(page(first));
  await exportEverything('jsonl', new AbortController().signal, () => {});
  expect(asked).toHaveBeenCalledTimes(3);
  asked.mockReset().mockRejectedValue(new ApiError(403, 'second_factor_required', 'No.'));
  await expect(exportEverything('jsonl', new AbortController().signal, () => {})).rejects.toThrow('No.');
  expect(asked).toHaveBeenCalledOnce();
});

test('who cancels gets no file', async () => {
  const control = new AbortController();
  asked.mockImplementation(async () => {
    control.abort();
    throw new DOMException('', 'AbortError');
  });
  await expect(exportEverything('jsonl', control.signal, () => {})).rejects.toThrow();
  expect(offered).not.toHaveBeenCalled();
});
