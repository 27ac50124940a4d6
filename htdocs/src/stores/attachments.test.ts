/** Files that wait, with a shelf that sometimes has no room and answers late. */
import type { FileUIPart } from 'ai';
import { beforeEach, expect, test, vi } from 'vitest';
import { hasUnkeptFiles, leaveAttachments, loadAttachments, useAttachments } from './attachments';

const shelf = new Map<string, unknown>();
let room = true;
let answered: Promise<void> = Promise.resolve();

vi.mock('../kept/shelf', () => ({
  keep: async (key: string, value: unknown) => {
    if (room) shelf.set(key, structuredClone(value));
    return room;
  },
  keepMoved: async (from: string, to: string, value: unknown) => {
    if (room) {
      shelf.delete(from);
      shelf.set(to, structuredClone(value));
    }
    return room;
  },
  drop: async (keys: string[]) => keys.forEach((key) => shelf.delete(key)),
  dropAll: async () => shelf.clear(),
  readKept: async (prefix: string) => {
    const found = [...shelf].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    await answered;
    return found.map(([key, value]) => [key, structuredClone(value)]);
  },
}));

const file = (filename: string): FileUIPart => ({ type: 'file', mediaType: 'text/plain', filename, url: 'data:,' });
const at = (key: string): (string | undefined)[] => (useAttachments.getState().files[key] ?? []).map(({ filename }) => filename);
const kept = (): string[] => [...shelf].map(([key, value]) => `${key.split('/')[2]} ${(value as FileUIPart).filename}`).sort();
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(async () => {
  leaveAttachments(true);
  shelf.clear();
  room = true;
  answered = Promise.resolve();
  await loadAttachments('1');
});

test('a file goes along with its chat, or stays where it is kept when there is no room, and then that is known', async () => {
  const { put, move } = useAttachments.getState();
  put('1/new', [file('a')]);
  await settled();
  room = false;
  move('1/new', '1/42');
  await settled();
  expect([at('1/42'), kept(), hasUnkeptFiles()]).toEqual([['a'], ['new a'], true]);
  room = true;
  move('1/42', '1/43');
  await settled();
  expect([at('1/43'), hasUnkeptFiles()]).toEqual([['a'], false]);
});

test('one that was taken away and put back without room is known to be only here, and stays', async () => {
  const { put, remove } = useAttachments.getState();
  const a = file('a');
  put('1/42', [a]);
  await settled();
  room = false;
  remove('1/42', a);
  put('1/42', [a]);
  await settled();
  expect(hasUnkeptFiles()).toBe(true);
  await loadAttachments('1');
  expect(at('1/42')).toEqual(['a']);
});

test('what was sent or added while the files are read is not undone by them', async () => {
  const { put, remove, move } = useAttachments.getState();
  const [a, b] = [file('a'), file('b')];
  put('1/42', [a]);
  put('1/new', [b]);
  await settled();
  let answer = (): void => {};
  answered = new Promise((resolve) => {
    answer = resolve;
  });
  const loaded = loadAttachments('1');
  remove('1/42', a);
  put('1/42', [file('c')]);
  move('1/new', '1/43');
  answer();
  await loaded;
  expect([at('1/42'), at('1/new'), at('1/43')]).toEqual([['c'], [], ['b']]);
  await settled();
  expect(kept()).toEqual(['42 c', '43 b']);
});

test('files that an earlier release kept together are there each by itself, once, whichever tabs take them over', async () => {
  shelf.set('files/1/42', [file('a'), file('b')]);
  await loadAttachments('1');
  shelf.set('files/1/42', [file('a'), file('b')]); // the other tab has read it, too
  await loadAttachments('1');
  await settled();
  expect(at('1/42')).toEqual(['a', 'b']);
  expect(kept()).toEqual(['42 a', '42 b']);
});
