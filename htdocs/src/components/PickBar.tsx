import { plural, t } from '@lingui/core/macro';
import { useListedSessions } from '../hooks/useListedSessions';
import { stopPicking, useSelection } from '../stores/selection';
import { Button } from './Button';
import { deleteWithUndo } from './deleteWithUndo';

/** What can be done with the sessions that are picked. */
export function PickBar() {
  const picked = useSelection((state) => state.picked);
  const sessions = useListedSessions().filter(({ id }) => picked?.has(id));
  const remove = (): void => {
    deleteWithUndo(sessions);
    stopPicking();
  };
  return (
    <footer className="flex flex-wrap items-center justify-end gap-1 border-t border-line px-2 py-2.5">
      <span className="flex-1 px-1 text-sm whitespace-nowrap" role="status">
        {plural(sessions.length, { one: '# selected', other: '# selected' })}
      </span>
      <Button look="quiet" onClick={stopPicking}>{t`Cancel`}</Button>
      <Button look="danger" disabled={sessions.length === 0} onClick={remove}>{t`Delete`}</Button>
    </footer>
  );
}
