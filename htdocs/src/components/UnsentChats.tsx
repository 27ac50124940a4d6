import { t } from '@lingui/core/macro';
import { CircleAlert } from 'lucide-react';
import { openUnsent, useConversation } from '../stores/conversation';
import { useOutbox, type Unsent } from '../stores/outbox';
import { showView } from '../stores/shell';

/** New chats whose first message could not be sent: the server does not know them, so they are in no list of its. */
export function UnsentChats({ onChosen }: { onChosen: () => void }) {
  const entries = useOutbox((state) => state.entries);
  const current = useConversation((state) => state.conversation.chat.id);
  const chats = firstOfEach(entries.filter((entry) => entry.sessionId === null && (entry.reason !== null || entry.state === 'held' || entry.chatId !== current)));
  if (chats.length === 0) return null;
  return (
    <section aria-label={t`Not sent`}>
      <h2 className="px-3 pt-4 pb-2 text-xs font-medium text-soft">{t`Not sent`}</h2>
      <ul>
        {chats.map(({ chatId, text, files }) => (
          <li key={chatId} className="pb-0.5">
            <button
              type="button"
              data-line
              aria-current={chatId === current ? 'page' : undefined}
              onClick={() => {
                showView('chat');
                openUnsent(chatId);
                onChosen();
              }}
              className={`flex h-9 w-full items-center gap-2 rounded-lg px-3 text-left text-sm pointer-coarse:h-11 ${chatId === current ? 'bg-chosen font-medium' : 'hover:bg-hover'}`}
            >
              <span dir="auto" className="min-w-0 flex-1 truncate">{text.slice(0, 100) || files[0]?.filename || t`Untitled`}</span>
              <CircleAlert className="size-4 shrink-0 text-danger" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function firstOfEach(entries: Unsent[]): Unsent[] {
  return entries.filter((entry, n) => entries.findIndex(({ chatId }) => chatId === entry.chatId) === n);
}
