import { t } from '@lingui/core/macro';
import { Archive, ArchiveRestore, Braces, Ellipsis, FileText, ListChecks, Pencil, Pin, PinOff, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useRef } from 'react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { startPicking } from '../stores/selection';
import { change } from '../stores/sessionPages';
import { deleteWithUndo } from './deleteWithUndo';
import { MenuContent, MenuItem, MenuLine } from './Menu';

/** What can be done with a session of the list, or of the archive (without `onRename`). */
export function SessionMenu({
  session,
  onRename,
  onUnarchived = () => {},
}: {
  session: Session;
  onRename?: () => void;
  onUnarchived?: () => void;
}) {
  // A form that opens keeps the focus; after everything else it goes back to the button.
  const keepFocus = useRef(false);
  const { title } = session;
  const save = (wish: Parameters<typeof change>[1]): void => {
    change(session, wish)
      .then(() => wish.archived === false && onUnarchived())
      .catch((error: unknown) => toast.error(sentenceOf(error)));
  };

  return (
    <DropdownMenu.Root modal={false} onOpenChange={() => (keepFocus.current = false)}>
      <DropdownMenu.Trigger
        aria-label={t`More for ${title}`}
        className="absolute inset-y-0 right-1 my-auto grid size-7 place-content-center rounded-md text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-chosen hover:text-ink data-[state=open]:opacity-100 pointer-coarse:size-10 pointer-coarse:opacity-100"
      >
        <Ellipsis className="size-4" aria-hidden="true" />
      </DropdownMenu.Trigger>
      <MenuContent align="end" onCloseAutoFocus={(event) => keepFocus.current && event.preventDefault()}>
        {onRename !== undefined && (
          <MenuItem
            icon={Pencil}
            onSelect={() => {
              keepFocus.current = true;
              onRename();
            }}
          >{t`Rename`}</MenuItem>
        )}
        {!session.archived &&
          (session.pinned ? (
            <MenuItem icon={PinOff} onSelect={() => save({ pinned: false })}>{t`Unpin`}</MenuItem>
          ) : (
            <MenuItem icon={Pin} onSelect={() => save({ pinned: true })}>{t`Pin`}</MenuItem>
          ))}
        {session.archived ? (
          <MenuItem icon={ArchiveRestore} onSelect={() => save({ archived: false })}>{t`Take out of the archive`}</MenuItem>
        ) : (
          <MenuItem icon={Archive} onSelect={() => save({ archived: true })}>{t`Archive`}</MenuItem>
        )}
        <MenuLine />
        <MenuItem icon={FileText} onSelect={() => void exportAs(session, 'markdown')}>{t`Export as Markdown`}</MenuItem>
        <MenuItem icon={Braces} onSelect={() => void exportAs(session, 'json')}>{t`Export as JSON`}</MenuItem>
        <MenuLine />
        {!session.archived && (
          <MenuItem icon={ListChecks} onSelect={() => startPicking(session.id)}>{t`Select several`}</MenuItem>
        )}
        <MenuItem icon={Trash2} danger onSelect={() => deleteWithUndo([session])}>{t`Delete`}</MenuItem>
      </MenuContent>
    </DropdownMenu.Root>
  );
}

/** Needed seldom, so it is fetched when it is needed. */
async function exportAs(session: Session, format: 'markdown' | 'json'): Promise<void> {
  try {
    const { exportSession } = await import('../export/exportSession');
    await exportSession(session, format);
  } catch (error) {
    toast.error(sentenceOf(error));
  }
}
