import { t } from '@lingui/core/macro';
import { useEffect, useRef, type FormEvent } from 'react';
import { longestComment, type Message } from '../api/messages';
import type { Conversation } from '../chat/conversation';
import { metadataOf } from '../chat/metadata';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { TextField } from '../controls/TextField';
import { isComposing } from '../fields/composing';
import { useFormDraft } from '../hooks/useFormDraft';
import { useSubmit } from '../hooks/useSubmit';
import { rate } from '../stores/rate';

/** The reader's comment on a reply that they have rated. */
export default function RatingComment({ message, conversation, onClose }: { message: Message; conversation: Conversation; onClose: () => void }) {
  const { busy, problem, at, run } = useSubmit('comment');
  const { rating, ratingComment } = metadataOf(message);
  const draft = useFormDraft(`comment-${message.id}`, { comment: ratingComment ?? '' });
  const { values } = draft;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  if (rating === undefined) return null;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const comment = values.comment.trim();
    void run(async () => {
      await rate(conversation, message.id, { rating: rating ?? 'up', ...(comment !== '' && { comment }) });
      draft.saved(values);
      onClose();
    });
  }

  return (
    <form ref={form} onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && !isComposing(event) && onClose()} className="grid max-w-lg gap-3 rounded-xl bg-panel p-4">
      <TextField label={rating === 'up' ? t`What was good about this reply?` : t`What was wrong with this reply?`} {...draft.field('comment')} dir="auto" autoComplete="off"
        maxLength={longestComment} problem={at('comment')} />
      {problem !== null && <Notice sentence={problem} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="accent" disabled={busy}>{t`Save`}</Button>
        <Button
          onClick={() => {
            draft.discard();
            onClose();
          }}
        >
          {t`Cancel`}
        </Button>
      </div>
    </form>
  );
}
