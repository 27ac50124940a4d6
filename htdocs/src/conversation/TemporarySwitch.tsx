import { plural, t } from '@lingui/core/macro';
import { MessageCircleDashed } from 'lucide-react';
import { pickTemporary, useModels } from '../stores/models';
import { useTemporaryHours } from './useTemporaryHours';

/** Chooses whether the new chat is temporary. `chatId`: the page's id for it. */
export function TemporarySwitch({ chatId }: { chatId: string }) {
  const hours = useTemporaryHours();
  const on = useModels((state) => state.picked[chatId]?.temporary === true);
  if (hours === 0) return null;
  return (
    <div className="grid justify-items-center gap-2 text-sm text-soft">
      <button
        type="button"
        aria-pressed={on}
        aria-describedby="temporary-means"
        onClick={() => pickTemporary(chatId, !on)}
        className={`flex items-center gap-2 rounded-full border px-3 py-1.5 pointer-coarse:min-h-11 ${on ? 'border-accent bg-glow text-ink' : 'border-transparent hover:bg-hover hover:text-ink'}`}
      >
        <MessageCircleDashed className="size-4" aria-hidden="true" />
        {t`Temporary chat`}
      </button>
      <p id="temporary-means" className="min-h-5 text-balance">
        {on &&
          plural(hours, {
            one: 'It won’t be in your list and will be deleted # hour after its last message.',
            other: 'It won’t be in your list and will be deleted # hours after its last message.',
          })}
      </p>
    </div>
  );
}
