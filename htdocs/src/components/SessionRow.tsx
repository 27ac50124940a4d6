import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { remove, rename } from '../stores/sessionPages';
import { useSessionStore } from '../stores/sessions';
import { ConfirmDialog } from './ConfirmDialog';
import { RenameForm } from './RenameForm';

type Mode = 'shown' | 'renaming' | 'deleting';

export function SessionRow({
  session,
  current,
  onChosen,
}: {
  session: Session;
  current: boolean;
  onChosen: () => void;
}) {
  const [mode, setMode] = useState<Mode>('shown');
  const title = session.title || 'Untitled';

  async function saveTitle(next: string): Promise<void> {
    setMode('shown');
    if (next === '' || next === session.title) return;
    await rename(session.id, next).catch((error: unknown) => toast.error(sentenceOf(error)));
  }

  if (mode === 'renaming') {
    return (
      <li>
        <RenameForm title={session.title} onDone={(next) => void saveTitle(next)} />
      </li>
    );
  }
  return (
    <li className={`group relative rounded-lg ${current ? 'bg-chosen' : 'hover:bg-hover'}`}>
      <button
        type="button"
        aria-current={current ? 'page' : undefined}
        onClick={() => {
          useSessionStore.getState().setCurrentSession(session.id);
          onChosen();
        }}
        className={`flex h-9 w-full items-center gap-2 rounded-lg pr-10 pl-3 text-left text-sm ${current ? 'font-medium' : ''}`}
      >
        <span className="truncate">{title}</span>
        {session.status === 'streaming' && (
          <span className="size-2 shrink-0 animate-pulse-soft rounded-full bg-accent" role="img" aria-label="replying" />
        )}
      </button>
      <RowMenu title={title} onRename={() => setMode('renaming')} onDelete={() => setMode('deleting')} />
      {mode === 'deleting' && (
        <ConfirmDialog
          title="Delete this session?"
          explanation={`“${title}” and its messages will be gone for good.`}
          action="Delete"
          onConfirm={() => remove(session.id)}
          onClose={() => setMode('shown')}
        />
      )}
    </li>
  );
}

const item =
  'flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm outline-none data-highlighted:bg-hover';

/** Not modal: a modal menu locks scrolling with a <style> element, which the CSP refuses. */
function RowMenu({ title, onRename, onDelete }: { title: string; onRename: () => void; onDelete: () => void }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={`More for ${title}`}
        className="absolute top-1 right-1 grid size-7 place-content-center rounded-md text-soft opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-chosen hover:text-ink data-[state=open]:opacity-100 pointer-coarse:opacity-100"
      >
        <Ellipsis className="size-4" aria-hidden="true" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        align="end"
        sideOffset={4}
        className="z-10 min-w-36 rounded-xl border border-line bg-raised p-1 shadow-lift"
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        <DropdownMenu.Item className={item} onSelect={onRename}>
          <Pencil className="size-4 text-soft" aria-hidden="true" />
          Rename
        </DropdownMenu.Item>
        <DropdownMenu.Item className={`${item} text-danger`} onSelect={onDelete}>
          <Trash2 className="size-4" aria-hidden="true" />
          Delete
        </DropdownMenu.Item>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
