import { ArrowUp, Square } from 'lucide-react';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { User } from '../api/token';
import type { Conversation } from '../chat/conversation';
import { useMediaQuery } from '../hooks/useMediaQuery';
import { draftKey, useDrafts } from '../stores/drafts';
import { IconButton } from './Button';

/** Where the next message is written. Enter sends it, Shift+Enter breaks the line. */
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
  const key = draftKey(user.id, conversation.sessionId);
  const draft = useDrafts((state) => state.drafts[key] ?? '');
  const setDraft = useDrafts((state) => state.setDraft);
  const touch = useMediaQuery('(pointer: coarse)');
  const input = useRef<HTMLTextAreaElement>(null);

  // On a touch screen the keyboard would jump up.
  useEffect(() => {
    if (!touch) input.current?.focus();
  }, [conversation, touch]);

  function send(): void {
    const text = draft.trim();
    if (text === '' || busy || disabled) return;
    setDraft(key, '');
    void conversation.send(text);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || touch) return;
    event.preventDefault();
    send();
  }

  return (
    <div className="px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        className="mx-auto flex max-w-3xl items-end gap-2 rounded-3xl border border-line bg-raised p-2 shadow-lift transition-colors focus-within:border-line-strong"
      >
        <textarea
          ref={input}
          rows={1}
          value={draft}
          onChange={(event) => setDraft(key, event.currentTarget.value)}
          onKeyDown={onKeyDown}
          aria-label="Your message"
          placeholder="Ask something…"
          className="field-sizing-content max-h-[40dvh] min-h-9 flex-1 resize-none bg-transparent px-3 py-1.5 text-base leading-6 outline-none placeholder:text-soft"
        />
        {busy ? (
          <IconButton
            label="Stop"
            look="plain"
            disabled={conversation.sessionId === null}
            onClick={() => void conversation.stop().catch((error: unknown) => toast.error(sentenceOf(error)))}
            round
          >
            <Square className="size-3.5 fill-current" aria-hidden="true" />
          </IconButton>
        ) : (
          <IconButton label="Send" type="submit" look="accent" disabled={draft.trim() === '' || disabled} round>
            <ArrowUp className="size-5" aria-hidden="true" />
          </IconButton>
        )}
      </form>
    </div>
  );
}
