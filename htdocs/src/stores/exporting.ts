/** The export of everything that belongs to the user, which continues while other views are open. */
import { create } from 'zustand';
import { sentenceOf } from '../api/problem';
import type { Kind, Progress } from '../export/everything';
import { withTexts } from '../i18n/language';
import { exportLock, forgetExported } from '../kept/exported';
import { useAuth } from './auth';

interface Exporting {
  running: { kind: Kind; progress: Progress; cancel: () => void } | null;
  problem: string | null;
  /** The file has been handed to the browser. */
  done: boolean;
}

export const useExporting = create<Exporting>()(() => ({ running: null, problem: null, done: false }));

/** How long the browser may take to copy the file to its destination, in milliseconds. */
const copying = 60_000;

export async function startExport(kind: Kind): Promise<void> {
  if (useExporting.getState().running !== null) return;
  const control = new AbortController();
  const cancel = (): void => control.abort();
  const stopFollowing = useAuth.subscribe(({ phase, user }, before) => {
    if (phase === 'out' || user?.id !== before.user?.id) cancel();
  });
  useExporting.setState({ running: { kind, progress: { sessions: 0, of: 0, bytes: 0 }, cancel }, problem: null, done: false });
  try {
    await forgetExported();
    const { exportEverything } = await withTexts(import('../export/everything'));
    await locked(() => exportEverything(kind, control.signal, (progress) => useExporting.setState({ running: { kind, progress, cancel } })));
    useExporting.setState({ done: true });
  } catch (error) {
    if (!control.signal.aborted) useExporting.setState({ problem: sentenceOf(error) });
  } finally {
    stopFollowing();
    useExporting.setState({ running: null });
  }
}

/** Keeps the file from being removed before it is copied. */
function locked(work: () => Promise<void>): Promise<void> {
  if (!('locks' in navigator)) return work();
  return new Promise((resolve, reject) => {
    void navigator.locks
      .request(exportLock, { mode: 'shared' }, async () => {
        await work().then(resolve, reject);
        await new Promise((over) => setTimeout(over, copying));
      })
      .then(() => forgetExported());
  });
}
