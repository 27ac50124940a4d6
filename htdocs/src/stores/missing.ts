/** What was written in a chat that no longer exists, because it was deleted in another tab or on another device, is kept for a new one. */
import { t } from '@lingui/core/macro';
import type { Message } from '../api/messages';
import { textOf } from '../chat/messages';
import { useAttachments } from './attachments';
import { useAuth } from './auth';
import { draftKey, draftKeyOf, useDrafts } from './drafts';
import { keepOf } from './outbox';
import { refreshSessions } from './sessionPages';

/** `shown`: its messages that were on screen; some of them may have been open for editing. */
export function keepWritten(sessionId: string, shown: Message[]): void {
  const { user } = useAuth.getState();
  if (user === null) return;
  const [from, to] = [draftKey(user.id, sessionId), draftKey(user.id, null)];
  const { drafts, setDraft } = useDrafts.getState();
  const changed = shown.flatMap((message) => {
    const key = draftKeyOf(user.id, 'edit', message.id);
    const text = drafts[key] ?? '';
    if (text !== '') setDraft(key, '');
    return text === '' || text === textOf(message) ? [] : [text];
  });
  const texts = [drafts[to], drafts[from], ...changed].filter(Boolean);
  setDraft(from, '');
  setDraft(to, texts.join('\n\n'));
  const { move } = useAttachments.getState();
  move(from, to);
  keepOf(sessionId, t`The chat was deleted.`);
  void refreshSessions();
}
