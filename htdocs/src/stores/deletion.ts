/** Sessions that are gone from the page, and deleted on the server once that can no longer be undone. */
import { create } from 'zustand';
import { isGone } from '../api/problem';
import { deleteSessions, deleteSessionsOnLeaving } from '../api/sessions';
import { stored } from '../kept/stored';
import { tellOtherTabs } from './otherTabs';
import { useSessionStore } from './sessions';

export const useDeletion = create<{ hidden: ReadonlySet<string> }>()(() => ({ hidden: new Set() }));

let onDeleted: (ids: readonly string[]) => void = () => {};

/** Called when sessions are deleted on the server, too. */
export function whenDeleted(listener: (ids: readonly string[]) => void): void {
  onDeleted = listener;
}

interface Deletion {
  undo: () => void;
  /** The time to undo is over. Fails if the server refuses: the sessions are shown again. */
  finish: () => Promise<void>;
}

/** The deletions that can still be undone. */
const open = new Set<{ ids: string[]; deletion: Deletion }>();

/** Hides the sessions. The server deletes them when the deletion is finished, or when the page is left. */
export function startDeletion(ids: string[]): Deletion {
  const { currentSessionId, clearCurrent, setCurrentSession } = useSessionStore.getState();
  const wasOpen = currentSessionId !== null && ids.includes(currentSessionId);
  hide(ids);
  if (wasOpen) clearCurrent();

  const entry = {
    ids,
    deletion: {
      undo: () => {
        if (!open.delete(entry)) return;
        show(ids);
        if (wasOpen && useSessionStore.getState().currentSessionId === null) setCurrentSession(currentSessionId);
      },
      finish: async () => {
        if (!open.delete(entry)) return;
        await deleteSessions(ids).catch((error: unknown) => {
          if (ids.length === 1 && isGone(error)) return;
          show(ids);
          throw error;
        });
        forget(ids);
        onDeleted(ids);
        for (const id of ids) tellOtherTabs(id);
      },
    },
  };
  open.add(entry);
  return entry.deletion;
}

/** Sends all pending deletions to the server now. */
export async function finishDeletions(): Promise<void> {
  await Promise.allSettled([...open].map(({ deletion }) => deletion.finish()));
}

/** The log-in may be too old, or the network away, and nobody sees the answer, so the deletion is noted for the next visit. */
export function finishDeletionsOnLeaving(userId: string): void {
  const ids = [...open].flatMap((entry) => entry.ids);
  if (ids.length === 0) return;
  note(userId, [...notedFor(userId), ...ids]);
  for (const entry of open) deleteSessionsOnLeaving(entry.ids);
  open.clear();
}

/** Repeats the deletions from leaving, with this visit's log-in. Until then the sessions are not shown. */
export async function finishNoted(userId: string): Promise<void> {
  const ids = notedFor(userId);
  if (ids.length === 0) return;
  hide(ids);
  for (let n = 0; n < ids.length; n += mostAtOnce) {
    const some = ids.slice(n, n + mostAtOnce);
    try {
      await deleteSessions(some);
    } catch (error) {
      if (!isGone(error)) return; // at the next visit, then
    }
    note(userId, notedFor(userId).filter((id) => !some.includes(id)));
    forget(some);
  }
}

/** The server's limit per request. */
const mostAtOnce = 100;

const notes = (userId: string): string => `lamplight.deleted/${userId}`;

function notedFor(userId: string): string[] {
  return stored((storage) => storage.getItem(notes(userId)))?.split(' ') ?? [];
}

function note(userId: string, ids: string[]): void {
  stored((storage) => (ids.length === 0 ? storage.removeItem(notes(userId)) : storage.setItem(notes(userId), ids.join(' '))));
}

/** The sessions that are not deleted. */
export function withoutDeleted<T extends { id: string }>(sessions: T[], hidden: ReadonlySet<string>): T[] {
  return hidden.size === 0 ? sessions : sessions.filter(({ id }) => !hidden.has(id));
}

function hide(ids: string[]): void {
  useDeletion.setState(({ hidden }) => ({ hidden: new Set([...hidden, ...ids]) }));
}

function show(ids: string[]): void {
  useDeletion.setState(({ hidden }) => ({ hidden: new Set([...hidden].filter((id) => !ids.includes(id))) }));
}

/** They also stay hidden: a list that was requested earlier may still contain them. */
function forget(ids: string[]): void {
  const { sessionList, setSessionList } = useSessionStore.getState();
  setSessionList(sessionList.filter(({ id }) => !ids.includes(id)));
}
