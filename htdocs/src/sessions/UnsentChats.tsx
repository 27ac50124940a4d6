import { t } from '@lingui/core/macro';
import { CircleAlert } from 'lucide-react';
import { useAuth } from '../stores/auth';
import { openUnsent, useConversation } from '../stores/conversation';
import { useOutbox, type Unsent } from '../stores/outbox';
import { useSessionStore } from '../stores/sessions';
import { showView } from '../stores/shell';
import { seenIn } from '../text/seen';

/** Chats that are not in the server's list but have unsent messages: new ones, and without a network all of them. */
export function UnsentChats({ onChosen }: { onChosen: () => void }) {
  const entries = useOutbox((state) => state.entries);
  const current = useConversation((state) => state.conversation.chat.id);
  const session = useSessionStore((state) => state.currentSessionId);
  const offline = useAuth((state) => state.offline);
  const isNew = (entry: Unsent): boolean => entry.sessionId === null && (entry.reason !== null || entry.state === 'held' || entry.chatId !== current);
  const chats = firstOfEach(entries.filter((entry) => isNew(entry) || (offline && entry.sessionId !== null)));
  if (chats.length === 0) return null;
  const isCurrent = (chatId: string, sessionId: string | null): boolean => (sessionId === null ? chatId === current : sessionId === session);
  return (
    <section aria-label={t`Not sent`}>
      <h2 className="px-3 pt-4 pb-2 text-xs font-medium text-soft">{t`Not sent`}</h2>
      <ul>
        {chats.map(({ chatId, sessionId, text, files }) => (
          <li key={sessionId ?? chatId} className="pb-0.5">
            <button
              type="button"
              data-line
              aria-current={isCurrent(chatId, sessionId) ? 'page' : undefined}
              onClick={() => {
                showView('chat');
                if (sessionId === null) openUnsent(chatId);
                else useSessionStore.getState().setCurrentSession(sessionId);
                onChosen();
              }}
              className={`flex h-9 w-full items-center gap-2 rounded-lg px-3 text-left text-sm pointer-coarse:h-11 ${isCurrent(chatId, sessionId) ? 'bg-chosen font-medium' : 'hover:bg-hover'}`}
            >
              <span dir="auto" className="min-w-0 flex-1 truncate">{seenIn(text.slice(0, 100)) || seenIn(files[0]?.filename ?? '') || t`Untitled`}</span>
              <CircleAlert className="size-4 shrink-0 text-danger" aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function firstOfEach(entries: Unsent[]): Unsent[] {
  const chatOf = ({ sessionId, chatId }: Unsent): string => sessionId ?? chatId;
  return entries.filter((entry, n) => entries.findIndex((other) => chatOf(other) === chatOf(entry)) === n);
}
