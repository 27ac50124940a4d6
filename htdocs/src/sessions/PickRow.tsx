import type { Session } from '../api/sessions';
import { togglePicked, useSelection } from '../stores/selection';
import { langOf } from '../text/langOf';
import { titleOf } from './titleOf';

/** `order`: the sessions around it, for selecting a range. */
export function PickRow({ session, order }: { session: Session; order: () => string[] }) {
  const picked = useSelection((state) => state.picked?.has(session.id) ?? false);
  return (
    <label className={`flex h-full items-center gap-2.5 rounded-lg px-3 text-sm select-none ${picked ? 'bg-chosen' : 'hover:bg-hover'}`}>
      <input
        type="checkbox"
        data-line
        checked={picked}
        onChange={({ nativeEvent }) => togglePicked(session.id, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey ? order() : [])}
        className="size-4 shrink-0 accent-accent-fill"
      />
      <span dir="auto" lang={langOf(session.title)} className="truncate">{titleOf(session)}</span>
    </label>
  );
}
