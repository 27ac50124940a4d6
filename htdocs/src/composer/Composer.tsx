import { t } from '@lingui/core/macro';
import { ArrowUp, Square } from 'lucide-react';
import { useCallback, useEffect, useRef, type ClipboardEvent, type KeyboardEvent } from 'react';
import { sentenceOf } from '../api/problem';
import type { User } from '../api/token';
import type { Conversation } from '../chat/conversation';
import { textOf } from '../chat/messages';
import { IconButton } from '../controls/Button';
import { later } from '../controls/later';
import { areNames } from '../fields/areNames';
import { isComposing } from '../fields/composing';
import { focusAtEnd } from '../fields/focusAtEnd';
import { focusComposer } from '../fields/focusComposer';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { withTexts } from '../i18n/language';
import { ModelName } from '../models/ModelName';
import { useAttachments } from '../stores/attachments';
import { send as sendMessage, stopReply } from '../stores/delivery';
import { draftKey, draftKeyOf, useDrafts, writtenIn } from '../stores/drafts';
import { useEditing } from '../stores/editing';
import { sayError } from '../stores/sayError';
import { AttachButton } from './AttachButton';
import { AttachmentList } from './AttachmentList';
import type { CompletionProps } from './PromptCompletion';
import { useAttach } from './useAttach';
import { useLongPaste } from './useLongPaste';

const noFiles: [] = [];

/** Loaded with the first slash. */
const PromptCompletion = later<CompletionProps>(async () => (await withTexts(import('./PromptCompletion'))).PromptCompletion, () => null);

/**
 * The field for the next message. Enter sends it (while a reply is running, the message waits for its end), Shift+Enter breaks the line. Files are
 * picked or pasted, and a long pasted text becomes a file. A slash at the start of a line opens the prompts.
 */
export function Composer({
  conversation,
  user,
  busy,
  disabled,
}: {
  conversation: Conversation;
  user: User;
  busy: boolean;
  disabled: boolean;
}) {
  const place = useCallback(() => draftKey(user.id, conversation.writesTo), [user.id, conversation]);
  const key = place();
  const draft = useDrafts((state) => state.drafts[key] ?? '');
  const setDraft = useDrafts((state) => state.setDraft);
  const files = useAttachments((state) => state.files[key] ?? noFiles);
  const attach = useAttach(place);
  /** A first message may be on its way; what is written from now on belongs to the same chat. */
  const begin = (): void => {
    if (conversation.sessionId === null) writtenIn(conversation.chat.id);
  };
  const onFiles = (picked: File[]): void => {
    begin();
    void attach(picked);
  };
  const touch = useMediaQuery('(pointer: coarse)');
  const input = useRef<HTMLTextAreaElement>(null);
  const longPaste = useLongPaste(place, input);
  const leaving = useRef(false);
  const completion = useRef<((event: KeyboardEvent) => boolean) | null>(null);
  const empty = draft.trim() === '' && files.length === 0;

  // On a touch screen the keyboard would open.
  useEffect(() => {
    if (!touch) focusAtEnd(input.current);
  }, [conversation, touch]);

  function send(): void {
    if (empty || disabled || leaving.current) return;
    leaving.current = true;
    void sendMessage(conversation, user.id, { text: draft.trim(), files, edits: null }, () => {
      leaving.current = false;
      // What was added meanwhile belongs to the next message.
      const to = place();
      const now = useDrafts.getState().drafts[to] ?? '';
      setDraft(to, now.startsWith(draft) ? now.slice(draft.length).trimStart() : now);
      useAttachments.getState().remove(to, ...files);
    });
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event) || completion.current?.(event) === true) return;
    longPaste.onKeyDown(event);
    if (event.key === 'ArrowUp' && draft === '' && !busy) editLast(event);
    if (event.key !== 'Enter' || event.shiftKey || touch) return;
    event.preventDefault();
    send();
  }

  function editLast(event: KeyboardEvent): void {
    const last = conversation.chat.messages.findLast(({ role }) => role === 'user');
    if (last === undefined || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const edit = draftKeyOf(user.id, 'edit', last.id);
    if (useDrafts.getState().drafts[edit] === undefined) setDraft(edit, textOf(last));
    useEditing.setState({ messageId: last.id });
    conversation.pages.bring({ messageId: last.id, lit: false });
  }

  function onPaste(event: ClipboardEvent): void {
    begin();
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0 || isText(event.clipboardData)) {
      longPaste.onPaste(event);
      return;
    }
    // Text beside the files is inserted like any other.
    if (areNames(event.clipboardData.getData('text/plain'), pasted)) event.preventDefault();
    else longPaste.onPaste(event);
    onFiles(pasted);
  }

  return (
    <div className="px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6">
      <div className="relative mx-auto max-w-3xl">{/^\//m.test(draft) && <PromptCompletion field={input} text={draft} keys={completion} />}</div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
          focusComposer(); // the pressed button has become another one
        }}
        className="mx-auto max-w-3xl rounded-3xl border border-line bg-raised shadow-lift transition-colors focus-within:border-line-strong"
      >
        <AttachmentList files={files} draft={key} onText={longPaste.asText} />
        <div className="flex items-end gap-1 p-2">
          <AttachButton onFiles={onFiles} />
          <textarea
            dir="auto"
            id="composer"
            ref={input}
            rows={1}
            value={draft}
            onChange={(event) => {
              begin();
              setDraft(key, event.currentTarget.value);
            }}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            aria-label={t`Your message`}
            placeholder={t`Ask anything…`}
            className="field-sizing-content max-h-[40dvh] min-h-9 flex-1 pointer-coarse:min-h-11 pointer-coarse:py-2.5 resize-none bg-transparent px-2 py-1.5 text-base leading-6 outline-none placeholder:text-soft"
          />
          {busy && (
            <IconButton
              label={t`Stop`}
              look="plain"
              disabled={conversation.sessionId === null}
              onClick={() => {
                focusComposer(); // the button disappears
                void stopReply(conversation).catch((error: unknown) => sayError(sentenceOf(error)));
              }}
              round
            >
              <Square className="size-3.5 fill-current" aria-hidden="true" />
            </IconButton>
          )}
          {(!busy || !empty) && (
            <IconButton label={busy ? t`Send after this reply` : t`Send`} type="submit" look="accent" disabled={empty || disabled} round>
              <ArrowUp className="size-5" aria-hidden="true" />
            </IconButton>
          )}
        </div>
      </form>
      <ModelName conversation={conversation} />
    </div>
  );
}

/** Office programs add a picture to copied cells and paragraphs. */
function isText(copied: DataTransfer): boolean {
  const written = copied.getData('text/html') !== '' && copied.getData('text/plain').trim() !== '';
  return written && [...copied.files].every(({ type }) => type.startsWith('image/'));
}
