/** What is written and picked, and not sent or deleted yet. */
import type { FileUIPart } from 'ai';
import { beforeEach, expect, test, vi } from 'vitest';
import { dropKeys, holdKeys, seal } from '../kept/seal';
import { useAttachments } from './attachments';
import { draftKey, draftKeyOf, followDrafts, forgetDrafts, leaveDrafts, loadDrafts, useDrafts } from './drafts';
import { mostPicked, startPicking, stopPicking, togglePicked, useSelection } from './selection';

const file = (filename: string): FileUIPart => ({ type: 'file', mediaType: 'text/plain', filename, url: 'data:,' });

beforeEach(() => {
  localStorage.clear();
  useDrafts.setState({ drafts: {} });
  useAttachments.setState({ files: {} });
  stopPicking();
});

const key = (first: string): string => btoa(String.fromCharCode(...new Uint8Array(32).fill(first.charCodeAt(0))));
/** Data of earlier releases is taken over a moment later. */
const taken = async (): Promise<void> => {
  await import('../kept/draftsBefore');
  await new Promise((resolve) => setTimeout(resolve));
};
const stored = (): string => Object.entries(localStorage).flat().join(' ');

test('drafts are kept by user and place, and only their user can read them', () => {
  holdKeys([key('a')]);
  const { setDraft } = useDrafts.getState();
  setDraft(draftKey('1', null), 'new');
  setDraft(draftKey('1', '42'), 'an old thought');
  setDraft(draftKeyOf('1', 'edit', '7'), 'changed');
  expect(stored()).not.toMatch(/thought|changed/);

  useDrafts.setState({ drafts: {} });
  holdKeys([key('b')]);
  loadDrafts('1');
  expect(useDrafts.getState().drafts).toEqual({});
  holdKeys([key('c'), key('a')]); // the server has changed its secret since
  loadDrafts('1');
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'new', '1/42': 'an old thought', '1/edit/7': 'changed' });
  setDraft('1/new', '');
  setDraft('1/42', '');
  setDraft('1/edit/7', '');
  expect(stored()).toBe('');
});

test('nobody is logged in: nothing is kept', () => {
  dropKeys();
  useDrafts.getState().setDraft('1/new', 'secret');
  expect(stored()).toBe('');
});

test('drafts that lie in clear from before are sealed when their user comes', async () => {
  localStorage.setItem('lamplight.drafts', JSON.stringify({ state: { drafts: { '1/new': 'mine', '2/new': 'theirs' } }, version: 0 }));
  holdKeys([key('a')]);
  loadDrafts('1');
  await taken();
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'mine' });
  expect(stored()).not.toContain('mine');
  expect(stored()).toContain('theirs');
  holdKeys([key('b')]);
  loadDrafts('2');
  await taken();
  expect(useDrafts.getState().drafts).toEqual({ '2/new': 'theirs' });
  expect(stored()).not.toContain('theirs');
  holdKeys([key('a')]);
  loadDrafts('1');
  await taken();
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'mine' });
});

test('nothing that was typed stays of an account that is deleted', () => {
  holdKeys([key('a')]);
  useDrafts.getState().setDraft(draftKey('1', null), 'new');
  forgetDrafts('1');
  expect(stored()).toBe('');
  expect(useDrafts.getState().drafts).toEqual({});
});

test('drafts that an earlier release kept all in one are there, each by itself', async () => {
  holdKeys([key('a')]);
  const name = 'lamplight.drafts/1';
  localStorage.setItem(name, btoa(String.fromCharCode(...(seal(name, { '1/new': 'mine', '1/42': 'an old thought' }) ?? []))));
  loadDrafts('1');
  await taken();
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'mine', '1/42': 'an old thought' });
  expect(Object.keys(localStorage).sort()).toEqual(['lamplight.draft/1/42', 'lamplight.draft/1/new']);
  useDrafts.setState({ drafts: {} });
  loadDrafts('1');
  await taken();
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'mine', '1/42': 'an old thought' });
});

/** Acts like another tab with the same storage. */
function elsewhere(name: string, text: string): void {
  if (text === '') localStorage.removeItem(name);
  else localStorage.setItem(name, btoa(String.fromCharCode(...(seal(name, text) ?? []))));
  followDrafts('1', name, '1/edit/7');
}

test('what another tab writes is there, and takes nothing else along; a form that is open keeps what is in it', () => {
  holdKeys([key('a')]);
  loadDrafts('1');
  const { setDraft } = useDrafts.getState();
  setDraft('1/42', 'mine');
  setDraft('1/edit/7', 'being changed');
  elsewhere('lamplight.draft/1/new', 'theirs');
  elsewhere('lamplight.draft/1/42', '');
  elsewhere('lamplight.draft/1/edit/7', '');
  elsewhere('lamplight.draft/2/new', 'of somebody else');
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'theirs', '1/edit/7': 'being changed' });
});

test('a long draft is kept when its writer pauses, or leaves', () => {
  vi.useFakeTimers();
  holdKeys([key('a')]);
  loadDrafts('1');
  const { setDraft } = useDrafts.getState();
  const long = 'long '.repeat(2000);
  setDraft('1/42', long);
  expect(stored()).toBe('');
  vi.advanceTimersByTime(500);
  expect(Object.keys(localStorage)).toEqual(['lamplight.draft/1/42']);
  setDraft('1/42', `${long}!`);
  window.dispatchEvent(new Event('pagehide'));
  useDrafts.setState({ drafts: {} });
  loadDrafts('1');
  expect(useDrafts.getState().drafts['1/42']).toBe(`${long}!`);
  setDraft('1/42', `${long}?`);
  setDraft('1/42', ''); // it was sent
  vi.advanceTimersByTime(5000);
  expect(stored()).toBe('');
  vi.useRealTimers();
});

test('storage that is full or blocked loses nothing while the page is open, also when the log-in ends and comes back, and an old draft does not', () => {
  holdKeys([key('a')]);
  loadDrafts('1');
  const { setDraft } = useDrafts.getState();
  setDraft('1/42', 'before');
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  setDraft('1/new', 'still here');
  setDraft('1/42', 'before and after');
  expect(useDrafts.getState()).toMatchObject({ unkept: true, drafts: { '1/new': 'still here', '1/42': 'before and after' } });
  elsewhere('lamplight.draft/1/77', '');
  leaveDrafts(false);
  loadDrafts('1');
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'still here', '1/42': 'before and after' });
  full.mockRestore();
  setDraft('1/new', 'still here!');
  setDraft('1/42', '');
  expect(useDrafts.getState().unkept).toBe(false);
  leaveDrafts(true);
  expect(useDrafts.getState().drafts).toEqual({});
  loadDrafts('1');
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'still here!' });
});

test('a long draft that is not kept yet is there when its user is known once more, and what only this page has is nobody else’s to change', () => {
  vi.useFakeTimers();
  holdKeys([key('a')]);
  loadDrafts('1');
  const long = 'long '.repeat(2000);
  useDrafts.getState().setDraft('1/42', long);
  loadDrafts('1');
  expect(useDrafts.getState().drafts).toEqual({ '1/42': long });
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  useDrafts.getState().setDraft('1/new', 'an hour of work');
  full.mockRestore();
  elsewhere('lamplight.draft/1/new', 'hi');
  expect(useDrafts.getState().drafts['1/new']).toBe('an hour of work');
  vi.useRealTimers();
});

test('an old page that goes on beside this one loses nothing, and nothing of this one', async () => {
  holdKeys([key('a')]);
  const name = 'lamplight.drafts/1';
  const oldPage = (drafts: Record<string, string>): void => localStorage.setItem(name, btoa(String.fromCharCode(...(seal(name, drafts) ?? []))));
  loadDrafts('1');
  await taken();
  useDrafts.getState().setDraft('1/new', 'the newer one, and more');
  useDrafts.getState().setDraft('1/42', 'one');
  oldPage({ '1/new': 'the newer one', '1/42': 'another', '1/43': 'by itself' });
  loadDrafts('1');
  await taken();
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'the newer one, and more', '1/42': 'one\n\nanother', '1/43': 'by itself' });
  expect(localStorage.getItem(name)).toBeNull();
});

test('what was typed for a chat that has an id now is behind what is there', () => {
  holdKeys([key('a')]);
  const { setDraft, moveDraft } = useDrafts.getState();
  setDraft('1/new', 'and one more');
  moveDraft('1/new', '1/42');
  moveDraft('1/new', '1/42');
  expect(useDrafts.getState().drafts).toEqual({ '1/42': 'and one more' });
  expect(Object.keys(localStorage)).toEqual(['lamplight.draft/1/42']);
});

test('files wait where they were added', () => {
  const [a, b] = [file('a'), file('b')];
  const { put, remove } = useAttachments.getState();
  put('1/new', [a]);
  put('1/new', [b]);
  put('1/42', [a]);
  remove('1/new', a);
  expect(useAttachments.getState().files).toEqual({ '1/new': [b], '1/42': [a] });
  remove('1/new', b);
  expect(useAttachments.getState().files).toEqual({ '1/42': [a] });
  useAttachments.getState().move('1/42', '1/43');
  expect(useAttachments.getState().files).toEqual({ '1/43': [a] });
});

test('sessions are picked, up to as many as the server deletes at once', () => {
  togglePicked('1');
  expect(useSelection.getState().picked).toBeNull();
  startPicking('1');
  togglePicked('2');
  togglePicked('1');
  expect([...(useSelection.getState().picked ?? [])]).toEqual(['2']);
  for (let n = 0; n < mostPicked + 5; n++) togglePicked(`more ${n}`);
  expect(useSelection.getState().picked?.size).toBe(mostPicked);
  expect(useSelection.getState().full).toBe(true);
  togglePicked('2');
  expect(useSelection.getState().full).toBe(false);
});

test('a range is picked or let go, from the last one to this', () => {
  const order = ['1', '2', '3', '4', '5'];
  const picked = (): string => [...(useSelection.getState().picked ?? [])].sort().join('');
  startPicking('2');
  togglePicked('4', order);
  expect(picked()).toBe('234');
  togglePicked('3', order);
  expect(picked()).toBe('2');
  togglePicked('1', order);
  expect(picked()).toBe('123');
  togglePicked('5', ['1', '2']); // it is not among the visible ones
  expect(picked()).toBe('1235');
});
