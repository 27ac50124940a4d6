import { t } from '@lingui/core/macro';
import { MessageSquareText, ThumbsDown, ThumbsUp } from 'lucide-react';
import type { Message } from '../api/messages';
import { sentenceOf } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { metadataOf } from '../chat/metadata';
import { IconButton } from '../controls/Button';
import { rate } from '../stores/rate';
import { sayError } from '../stores/sayError';

/**
 * The reader's rating of a reply: pressing a thumb again withdraws it, and the other thumb keeps the comment. `onComment`: the reader wants to add a
 * comment.
 */
export function RatingButtons({ message, conversation, onComment }: { message: Message; conversation: Conversation; onComment: (open: boolean) => void }) {
  const { rating, ratingComment } = metadataOf(message);

  function press(word: 'up' | 'down'): void {
    const takenBack = rating === word;
    if (takenBack) onComment(false);
    rate(conversation, message.id, takenBack ? null : { rating: word, ...(ratingComment !== undefined && { comment: ratingComment }) }).catch((error: unknown) => sayError(sentenceOf(error)));
  }

  return (
    <>
      <IconButton label={t`Good reply`} aria-pressed={rating === 'up'} onClick={() => press('up')} size="size-8">
        <ThumbsUp className={`size-4 ${rating === 'up' ? 'fill-current text-accent' : ''}`} aria-hidden="true" />
      </IconButton>
      <IconButton label={t`Bad reply`} aria-pressed={rating === 'down'} onClick={() => press('down')} size="size-8">
        <ThumbsDown className={`size-4 ${rating === 'down' ? 'fill-current text-accent' : ''}`} aria-hidden="true" />
      </IconButton>
      {rating !== undefined && (
        <IconButton label={ratingComment === undefined ? t`Add a comment` : t`Edit comment`} onClick={() => onComment(true)} size="size-8">
          <MessageSquareText className={`size-4 ${ratingComment === undefined ? '' : 'text-accent'}`} aria-hidden="true" />
        </IconButton>
      )}
    </>
  );
}
