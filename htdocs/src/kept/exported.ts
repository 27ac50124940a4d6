/**
 * A file that is too large for memory, on the browser's own disk (the origin private file system) until it has been downloaded. Where that does not
 * exist (no TLS, some private windows), its pieces are blobs, which browsers put on disk when they are large.
 */

const folder = 'export';
export const exportLock = 'lamplight.export';

export interface Sink {
  write: (piece: string | Uint8Array<ArrayBuffer>) => Promise<void>;
  /** The whole file, when nothing more follows. */
  finish: () => Promise<Blob>;
}

export async function openSink(name: string): Promise<Sink> {
  try {
    const root = await navigator.storage.getDirectory();
    const handle = await (await root.getDirectoryHandle(folder, { create: true })).getFileHandle(name, { create: true });
    const stream = await handle.createWritable();
    return {
      write: (piece) => stream.write(piece),
      finish: async () => {
        await stream.close();
        return handle.getFile();
      },
    };
  } catch {
    return inBlobs();
  }
}

const pieceSize = 4 * 1024 * 1024;

function inBlobs(): Sink {
  const blobs: Blob[] = [];
  let pieces: (string | Uint8Array<ArrayBuffer>)[] = [];
  let size = 0;
  const pack = (): void => {
    blobs.push(new Blob(pieces));
    [pieces, size] = [[], 0];
  };
  return {
    write: async (piece) => {
      pieces.push(piece);
      size += piece.length;
      if (size >= pieceSize) pack();
    },
    finish: async () => {
      pack();
      return new Blob(blobs);
    },
  };
}

/** Removes exports from the browser, but not while one is made or copied, unless `all`: its user is leaving. */
export async function forgetExported({ all = false } = {}): Promise<void> {
  const remove = async (): Promise<void> => {
    const root = await navigator.storage.getDirectory();
    await root.removeEntry(folder, { recursive: true });
  };
  try {
    if (all) await remove();
    else await navigator.locks.request(exportLock, { ifAvailable: true }, (lock) => (lock === null ? undefined : remove()));
  } catch {
    // There is none.
  }
}
