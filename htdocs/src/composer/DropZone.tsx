import { t } from '@lingui/core/macro';
import { Paperclip } from 'lucide-react';
import { useCallback } from 'react';
import { useStore } from 'zustand';
import type { User } from '../api/token';
import { focusComposer } from '../fields/focusComposer';
import { useConversation } from '../stores/conversation';
import { draftKey, writtenIn } from '../stores/drafts';
import { sayError } from '../stores/sayError';
import { useSessionStore } from '../stores/sessions';
import { showView } from '../stores/shell';
import { useAttach } from './useAttach';
import { useDropTarget, type Dropped } from './useDropTarget';

/** Files dropped anywhere on the page are attached to the message that is being written. */
export function DropZone({ user }: { user: User }) {
  const conversation = useConversation((state) => state.conversation);
  useSessionStore((state) => state.currentSessionId); // a new chat gets an id as soon as the server has created it
  useStore(conversation.state, ({ activity }) => activity.kind === 'missing'); // if so, dropped files belong to a new chat
  const attach = useAttach(() => draftKey(user.id, conversation.writesTo));
  const onDrop = useCallback(
    ({ files, folders }: Dropped) => {
      for (const name of folders) sayError(t`Can’t attach the folder ${name}. Drop its files instead.`);
      if (files.length === 0 && folders.length === 0) sayError(t`Only files can be dropped here.`);
      if (files.length === 0) return;
      showView('chat');
      if (conversation.sessionId === null) writtenIn(conversation.chat.id);
      void attach(files).then(focusComposer);
    },
    [attach, conversation],
  );
  const over = useDropTarget(onDrop);
  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-content-center bg-veil p-6">
      <p role="status" className="flex items-center gap-3 rounded-2xl border-2 border-dashed border-accent bg-raised px-8 py-6 text-ink shadow-lift">
        <Paperclip className="size-5 text-accent" aria-hidden="true" />
        {t`Drop files to attach them.`}
      </p>
    </div>
  );
}
