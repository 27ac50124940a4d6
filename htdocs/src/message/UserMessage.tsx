import { t } from '@lingui/core/macro';
import { Pencil } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { filesOf, textOf } from '../chat/messages';
import { IconButton } from '../controls/Button';
import { CopyButton } from '../controls/CopyButton';
import { focusComposer } from '../fields/focusComposer';
import { useAuth } from '../stores/auth';
import { send as sendMessage } from '../stores/delivery';
import { draftKeyOf, useDrafts } from '../stores/drafts';
import { useEditing } from '../stores/editing';
import { EditForm } from './EditForm';
import { MessageTime } from './MessageTime';
import { QuestionText } from './QuestionText';
import { SentFiles } from './SentFiles';
import { SiblingSwitch } from './SiblingSwitch';

const quiet =
  'opacity-0 transition-opacity group-hover/mine:opacity-100 group-focus-within/mine:opacity-100 pointer-coarse:opacity-100';

/** The reader's message. `idle`: no reply is running, so it can be edited. `found`: by a search. */
export const UserMessage = memo(function UserMessage({
  message,
  conversation,
  idle,
  found,
}: {
  message: Message;
  conversation: Conversation;
  idle: boolean;
  found: boolean;
}) {
  const userId = useAuth((state) => state.user?.id ?? '');
  const key = draftKeyOf(userId, 'edit', message.id);
  const draft = useDrafts((state) => state.drafts[key]);
  const { setDraft } = useDrafts.getState();
  const opened = useEditing((state) => state.messageId === message.id);
  const editing = opened || (idle && draft !== undefined);
  const pencil = useRef<HTMLButtonElement>(null);
  const left = useRef(false);
  const text = textOf(message);

  useEffect(() => {
    if (left.current && document.activeElement === document.body) pencil.current?.focus();
    left.current = editing;
  }, [editing]);

  function send(changed: string): void {
    focusComposer();
    void sendMessage(conversation, userId, { text: changed, files: filesOf(message), edits: message.id }, () => {
      useEditing.setState({ messageId: null });
      // A change made while the message was being stored is kept.
      if ((useDrafts.getState().drafts[key] ?? '').trim() === changed) setDraft(key, '');
    });
  }

  function open(): void {
    useEditing.setState({ messageId: message.id });
    setDraft(key, text);
  }

  function close(): void {
    useEditing.setState({ messageId: null });
    setDraft(key, '');
  }

  return (
    <article aria-label={t`You`} className="group/mine flex flex-col items-end gap-2">
      <h2 className="sr-only select-none">{t`You`}</h2>
      <SentFiles files={filesOf(message)} atEnd />
      {editing ? (
        <EditForm
          text={text}
          changed={draft ?? ''}
          focused={opened}
          mayGo={idle}
          onChange={(changed) => setDraft(key, changed)}
          onSend={send}
          onClose={close}
        />
      ) : (
        <>
          {text !== '' && <QuestionText id={message.id} text={text} found={found} className="bg-glow" />}
          <footer className="-mt-1.5 -mb-3 flex select-none items-center text-soft">
            <SiblingSwitch message={message} conversation={conversation} idle={idle} />
            <div className={`flex items-center ${quiet}`}>
              <MessageTime message={message} className="mr-1.5" />
              {text !== '' && <CopyButton text={text} label={t`Copy message`} />}
              <IconButton ref={pencil} label={t`Edit message`} size="size-8" disabled={!idle} onClick={open}>
                <Pencil className="size-4" aria-hidden="true" />
              </IconButton>
            </div>
          </footer>
        </>
      )}
    </article>
  );
});
