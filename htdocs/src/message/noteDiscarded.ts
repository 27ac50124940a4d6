import { t } from '@lingui/core/macro';
import { noteWithUndo } from '../controls/noteWithUndo';

/** Says that a message was discarded, and offers to restore it. */
export function noteDiscarded(undo: () => void): void {
  noteWithUndo(t`Message discarded.`, undo);
}
