import { t } from '@lingui/core/macro';
import { Pencil } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import type { Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { filesOf, textOf } from '../chat/messages';
import { IconButton } from './Button';
import { CopyButton } from './CopyButton';
import { EditForm } from './EditForm';
import { focusComposer } from './focusComposer';
import { SentFile } from './SentFile';
import { SiblingSwitch } from './SiblingSwitch';

const quiet =
  'opacity-0 transition-opacity group-hover/mine:opacity-100 group-focus-within/mine:opacity-100 pointer-coarse:opacity-100';

/** What the reader wrote. `idle`: no reply is running, so it can be asked otherwise. */
export const UserMessage = memo(function UserMessage({
  message,
  conversation,
  idle,
}: {
  message: Message;
  conversation: Conversation;
  idle: boolean;
}) {
  const [editing, setEditing] = useState(false);
  const pencil = useRef<HTMLButtonElement>(null);
  const left = useRef(false);
  const text = textOf(message);

  useEffect(() => {
    if (left.current && document.activeElement === document.body) pencil.current?.focus();
    left.current = editing;
  }, [editing]);

  function send(changed: string): void {
    focusComposer();
    void conversation.edit(message.id, changed);
  }

  return (
    <article aria-label={t`You`} className="group/mine flex flex-col items-end gap-2">
      <h2 className="sr-only">{t`You`}</h2>
      {filesOf(message).map((file, index) => (
        <SentFile key={index} file={file} />
      ))}
      {editing ? (
        <EditForm
          text={text}
          onSend={send}
          onClose={() => setEditing(false)}
        />
      ) : (
        <>
          {text !== '' && (
            <p dir="auto" className="max-w-[85%] rounded-2xl rounded-br-md bg-glow px-4 py-2.5 leading-relaxed whitespace-pre-wrap wrap-anywhere">
              {text}
            </p>
          )}
          <footer className="-mt-1.5 -mb-3 flex items-center text-soft">
            <SiblingSwitch message={message} conversation={conversation} idle={idle} />
            <div className={`flex ${quiet}`}>
              {text !== '' && <CopyButton text={text} label={t`Copy message`} />}
              <IconButton ref={pencil} label={t`Edit message`} size="size-8" disabled={!idle} onClick={() => setEditing(true)}>
                <Pencil className="size-4" aria-hidden="true" />
              </IconButton>
            </div>
          </footer>
        </>
      )}
    </article>
  );
});
