/** What is written and picked, and not sent or deleted yet. */
import type { FileUIPart } from 'ai';
import { beforeEach, expect, test } from 'vitest';
import { useAttachments } from './attachments';
import { draftKey, forgetDrafts, useDrafts } from './drafts';
import { mostPicked, startPicking, stopPicking, togglePicked, useSelection } from './selection';

const file = (filename: string): FileUIPart => ({ type: 'file', mediaType: 'text/plain', filename, url: 'data:,' });

beforeEach(() => {
  localStorage.clear();
  useDrafts.setState({ drafts: {} });
  useAttachments.setState({ files: {} });
  stopPicking();
});

test('drafts are kept by user and session, in the browser', () => {
  const { setDraft } = useDrafts.getState();
  setDraft(draftKey('1', null), 'new');
  setDraft(draftKey('1', '42'), 'old');
  setDraft(draftKey('2', '42'), "somebody else's");
  expect(JSON.parse(localStorage.getItem('lamplight.drafts') ?? '')).toMatchObject({ state: { drafts: { '1/new': 'new', '1/42': 'old', '2/42': "somebody else's" } } });
  setDraft(draftKey('1', '42'), '');
  expect(Object.keys(useDrafts.getState().drafts)).toEqual(['1/new', '2/42']);
});

test('nothing that was typed stays of an account that is deleted', () => {
  const { setDraft } = useDrafts.getState();
  setDraft(draftKey('1', null), 'new');
  setDraft(draftKey('1', '42'), 'old');
  setDraft(draftKey('12', null), "somebody else's");
  forgetDrafts('1');
  expect(JSON.parse(localStorage.getItem('lamplight.drafts') ?? '')).toMatchObject({ state: { drafts: { '12/new': "somebody else's" } } });
  expect(localStorage.getItem('lamplight.drafts')).not.toContain('old');
});

test('files wait where they were added, and are taken once', () => {
  const [a, b] = [file('a'), file('b')];
  const { put, remove, take } = useAttachments.getState();
  put('1/new', [a]);
  put('1/new', [b]);
  put('1/42', [a]);
  remove('1/new', a);
  expect(take('1/new')).toEqual([b]);
  expect(take('1/new')).toEqual([]);
  expect(take('1/42')).toEqual([a]);
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
});
