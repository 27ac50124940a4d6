import { plural, t } from '@lingui/core/macro';
import { MessageCircleDashed } from 'lucide-react';
import { useEffect } from 'react';
import { useTemporaryHours } from '../hooks/useTemporaryHours';
import { useAuth } from '../stores/auth';
import { draftKey, temporaryKey, useDrafts } from '../stores/drafts';
import { pickTemporary, useModels } from '../stores/models';

/** Whether the chat that begins is kept. `chatId`: the page's name for it. */
export function TemporarySwitch({ chatId }: { chatId: string }) {
  const hours = useTemporaryHours();
  const on = useModels((state) => state.picked[chatId]?.temporary === true);
  const userId = useAuth(({ user }) => user?.id);
  useEffect(() => {
    if (userId !== undefined && isWantedFor(userId)) pickTemporary(chatId, true);
  }, [chatId, userId]);
  if (hours === 0) return null;
  return (
    <div className="grid justify-items-center gap-2 text-sm text-soft">
      <button
        type="button"
        aria-pressed={on}
        aria-describedby="temporary-means"
        onClick={() => {
          pickTemporary(chatId, !on);
          if (userId !== undefined) useDrafts.getState().setDraft(temporaryKey(userId), on ? '' : 'on');
        }}
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

/** What was typed for a temporary chat and not sent is still for one, after a reload or a look at another chat. Without it the choice is over. */
function isWantedFor(userId: string): boolean {
  const { drafts, setDraft } = useDrafts.getState();
  const wanted = drafts[temporaryKey(userId)] === 'on';
  const isTyped = (drafts[draftKey(userId, null)] ?? '') !== '';
  if (wanted && !isTyped) setDraft(temporaryKey(userId), '');
  return wanted && isTyped;
}
