/** The archived sessions, page by page, while the archive is open. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { readSessions, type Session } from '../api/sessions';

interface Archive {
  phase: 'loading' | 'ready' | 'failed';
  problem: unknown;
  sessions: Session[];
  more: string | null;
}

type ArchiveStore = StoreApi<Archive>;

export function createArchive(): ArchiveStore {
  return createStore<Archive>()(() => ({ phase: 'loading', problem: null, sessions: [], more: null }));
}

/** Reads the first page, or the next one. */
export async function readArchive(archive: ArchiveStore): Promise<void> {
  const { sessions, more } = archive.getState();
  archive.setState({ phase: 'loading' });
  try {
    const page = await (more === null ? readSessions('archived') : readSessions('archived', more));
    const known = new Set(sessions.map(({ id }) => id));
    const fresh = page.items.filter(({ id }) => !known.has(id));
    archive.setState({ phase: 'ready', problem: null, sessions: [...sessions, ...fresh], more: page.more });
  } catch (problem) {
    archive.setState({ phase: 'failed', problem });
  }
}

/** Removes sessions that have left the archive. */
export function leaveArchive(archive: ArchiveStore, ids: readonly string[]): void {
  archive.setState(({ sessions }) => ({ sessions: sessions.filter(({ id }) => !ids.includes(id)) }));
}
