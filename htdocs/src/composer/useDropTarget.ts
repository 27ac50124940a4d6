import { useEffect, useState } from 'react';
import { seenIn } from '../text/seen';

export interface Dropped {
  files: File[];
  /** The names of folders, whose content browsers do not give. */
  folders: string[];
}

/** Files may be dropped anywhere on the page. Returns whether some are being dragged over it. */
export function useDropTarget(onDrop: (dropped: Dropped) => void): boolean {
  const [over, setOver] = useState(false);

  useEffect(() => {
    const drag = (event: DragEvent): void => {
      const files = holds(event, 'Files');
      if (!files && !isStrayLink(event)) return;
      event.preventDefault();
      setOver(files);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      setOver(false);
      if (!holds(event, 'Files') && !isStrayLink(event)) return;
      event.preventDefault();
      onDrop(contentOf(event.dataTransfer));
    };
    document.addEventListener('dragover', drag);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', drag);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [onDrop]);

  return over;
}

function holds(event: DragEvent, type: string): boolean {
  return event.dataTransfer?.types.includes(type) ?? false;
}

/** A link that no field takes: the browser would leave the page for it. */
function isStrayLink(event: DragEvent): boolean {
  return holds(event, 'text/uri-list') && !(event.target instanceof Element && event.target.closest('textarea, input') !== null);
}

function contentOf(transfer: DataTransfer | null): Dropped {
  const dropped: Dropped = { files: [], folders: [] };
  for (const item of transfer?.items ?? []) {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (file === null) continue;
    if (item.webkitGetAsEntry()?.isDirectory === true) dropped.folders.push(seenIn(file.name));
    else dropped.files.push(file);
  }
  return dropped;
}
