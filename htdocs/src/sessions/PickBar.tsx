import { plural, t } from '@lingui/core/macro';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { Button } from '../controls/Button';
import { noteWithUndo } from '../controls/noteWithUndo';
import { isComposing } from '../fields/composing';
import { changeAll } from '../stores/changing';
import { mostPicked, stopPicking, useSelection } from '../stores/selection';
import { deleteWithUndo } from './deleteWithUndo';
import { useListedSessions } from './useListedSessions';

/** The actions for the selected sessions of the list. */
export function PickBar() {
  return <PickedBar sessions={useListedSessions()} rows="nav" action={t({ message: 'Archive', context: 'what is done with a chat' })} onAct={archiveAll} />;
}

/** `rows`: a selector for the place of the sessions; `onAct`: called for actions other than deletion. */
export function PickedBar({ sessions, rows, action, onAct }: { sessions: Session[]; rows: string; action: string; onAct: (picked: Session[]) => void }) {
  const { picked, full } = useSelection();
  const chosen = sessions.filter(({ id }) => picked?.has(id));
  const leave = (work?: (picked: Session[]) => void): void => {
    work?.(chosen);
    stopPicking();
    setTimeout(() => document.activeElement === document.body && goOn(rows));
  };
  useEscape(leave);
  const none = chosen.length === 0;
  return (
    <footer className="border-t border-line px-2 py-2.5">
      <p role="status" className="px-1 text-sm text-danger">
        {full && plural(mostPicked, { one: 'You can select up to # chat at a time.', other: 'You can select up to # chats at a time.' })}
      </p>
      <div className="flex flex-wrap items-center justify-end gap-1">
        <span className="flex-1 px-1 text-sm whitespace-nowrap" role="status">
          {plural(chosen.length, { one: '# selected', other: '# selected' })}
        </span>
        <Button look="quiet" onClick={() => leave()}>{t`Cancel`}</Button>
        <Button disabled={none} onClick={() => leave(onAct)}>{action}</Button>
        <Button look="danger" disabled={none} onClick={() => leave(deleteWithUndo)}>{t`Delete`}</Button>
      </div>
    </footer>
  );
}

/** Everything that could have had the focus is gone. */
function goOn(rows: string): void {
  const places = [`${rows} [data-line]:not([tabindex="-1"])`, 'main h1[tabindex]', '#composer'];
  places.map((place) => document.querySelector<HTMLElement>(place)).find((place) => place !== null)?.focus();
}

/** Escape ends the selection, wherever the focus is, except in a menu, a dialog or a text field. */
function useEscape(leave: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.key !== 'Escape' || event.shiftKey || isComposing(event) || document.querySelector('dialog:modal, [role=menu]') !== null) return;
      if (target instanceof HTMLElement && target.matches('textarea, input:not([type=checkbox])')) return;
      event.stopPropagation(); // it stops no reply and closes no drawer
      leave();
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  });
}

function archiveAll(sessions: Session[]): void {
  const archived = changeAll(sessions, { archived: true });
  archived.catch(tell);
  const restore = async (): Promise<void> => {
    await archived.catch(() => undefined);
    await changeAll(sessions, { archived: false });
  };
  noteWithUndo(plural(sessions.length, { one: '# chat was archived.', other: '# chats were archived.' }), () => void restore().catch(tell));
}

function tell(error: unknown): void {
  toast.error(sentenceOf(error));
}
