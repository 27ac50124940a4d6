import { t } from '@lingui/core/macro';
import { Archive, ArchiveRestore, Bookmark, Braces, FileText, ListChecks, NotebookPen, Pencil, Pin, PinOff, ShieldQuestion, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session, SessionChange } from '../api/sessions';
import { MenuItem, MenuLine } from '../controls/Menu';
import { withTexts } from '../i18n/language';
import { askHereAgain, placeOf, useAllowed } from '../stores/allowed';
import { useAuth } from '../stores/auth';
import { editInstructions } from '../stores/instructions';
import { startPicking } from '../stores/selection';
import { change } from '../stores/sessionPages';
import { archiveWithUndo } from './archiveWithUndo';
import { deleteWithUndo } from './deleteWithUndo';

export interface SessionActionsProps {
  session: Session;
  /** Absent in the archive, where titles cannot be edited. */
  onRename?: () => void;
  onUnarchived?: () => void;
  /** Shown above the conversation, where no other sessions can be selected. */
  inBar?: boolean;
}

export default function SessionActions({ session, onRename, onUnarchived, inBar = false }: SessionActionsProps) {
  const userId = useAuth((state) => state.user?.id);
  const allowed = useAllowed((state) => userId !== undefined && state.tools[placeOf(userId, session.id)] !== undefined);
  const temporary = session.temporary === true;
  const save = (wish: SessionChange): void => {
    change(session, wish)
      .then(() => wish.archived === false && onUnarchived?.())
      .catch((error: unknown) => toast.error(sentenceOf(error)));
  };

  return (
    <>
      {onRename !== undefined && (
        <MenuItem icon={Pencil} onSelect={onRename}>{t`Rename`}</MenuItem>
      )}
      {!session.archived &&
        !temporary &&
        (session.pinned ? (
          <MenuItem icon={PinOff} onSelect={() => save({ pinned: false })}>{t`Unpin`}</MenuItem>
        ) : (
          <MenuItem icon={Pin} onSelect={() => save({ pinned: true })}>{t`Pin`}</MenuItem>
        ))}
      {temporary ? (
        <MenuItem icon={Bookmark} onSelect={() => save({ archived: false })}>{t`Keep this chat`}</MenuItem>
      ) : session.archived ? (
        <MenuItem icon={ArchiveRestore} onSelect={() => save({ archived: false })}>{t`Unarchive`}</MenuItem>
      ) : (
        <MenuItem icon={Archive} onSelect={() => archiveWithUndo(session)}>{t({ message: 'Archive', context: 'what is done with a chat' })}</MenuItem>
      )}
      <MenuItem icon={NotebookPen} onSelect={() => editInstructions(session.id)}>{t`Instructions`}</MenuItem>
      {allowed && userId !== undefined && (
        <MenuItem icon={ShieldQuestion} onSelect={() => askHereAgain(userId, session.id)}>{t`Ask before using tools again`}</MenuItem>
      )}
      <MenuLine />
      <MenuItem icon={FileText} onSelect={() => void exportAs(session, 'markdown')}>{t`Export as Markdown`}</MenuItem>
      <MenuItem icon={Braces} onSelect={() => void exportAs(session, 'json')}>{t`Export as JSON`}</MenuItem>
      <MenuLine />
      {!inBar && (
        <MenuItem icon={ListChecks} onSelect={() => startPicking(session.id, session.archived ? 'archive' : 'list')}>{t`Select multiple`}</MenuItem>
      )}
      <MenuItem icon={Trash2} danger onSelect={() => deleteWithUndo([session])}>{t`Delete`}</MenuItem>
    </>
  );
}

/** Rarely needed, so its code is loaded on demand. */
async function exportAs(session: Session, format: 'markdown' | 'json'): Promise<void> {
  try {
    const { exportSession } = await withTexts(import('../export/exportSession'));
    await exportSession(session, format);
  } catch (error) {
    toast.error(sentenceOf(error));
  }
}
