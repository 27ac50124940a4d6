/** What is written and picked, and not sent or deleted yet. */
import type { FileUIPart } from 'ai';
import { beforeEach, expect, test, vi } from 'vitest';
import { dropKeys, holdKeys } from '../kept/seal';
import { useAttachments } from './attachments';
import { draftKey, draftKeyOf, forgetDrafts, loadDrafts, useDrafts } from './drafts';
import { mostPicked, startPicking, stopPicking, togglePicked, useSelection } from './selection';

const file = (filename: string): FileUIPart => ({ type: 'file', mediaType: 'text/plain', filename, url: 'data:,' });

beforeEach(() => {
  localStorage.clear();
  useDrafts.setState({ drafts: {} });
  useAttachments.setState({ files: {} });
  stopPicking();
});

const key = (first: string): string => btoa(String.fromCharCode(...new Uint8Array(32).fill(first.charCodeAt(0))));
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

test('drafts that lie in clear from before are sealed when their user comes', () => {
  localStorage.setItem('lamplight.drafts', JSON.stringify({ state: { drafts: { '1/new': 'mine', '2/new': 'theirs' } }, version: 0 }));
  holdKeys([key('a')]);
  loadDrafts('1');
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'mine' });
  expect(stored()).not.toContain('mine');
  expect(stored()).toContain('theirs');
  holdKeys([key('b')]);
  loadDrafts('2');
  expect(useDrafts.getState().drafts).toEqual({ '2/new': 'theirs' });
  expect(stored()).not.toContain('theirs');
  holdKeys([key('a')]);
  loadDrafts('1');
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'mine' });
});

test('nothing that was typed stays of an account that is deleted', () => {
  holdKeys([key('a')]);
  useDrafts.getState().setDraft(draftKey('1', null), 'new');
  forgetDrafts('1');
  expect(stored()).toBe('');
  expect(useDrafts.getState().drafts).toEqual({});
});

test('storage that is full or blocked loses nothing while the page is open', () => {
  holdKeys([key('a')]);
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  useDrafts.getState().setDraft('1/new', 'still here');
  expect(useDrafts.getState().drafts).toEqual({ '1/new': 'still here' });
  full.mockRestore();
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
  togglePicked('5', ['1', '2']); // it is not among those that are shown
  expect(picked()).toBe('1235');
});
