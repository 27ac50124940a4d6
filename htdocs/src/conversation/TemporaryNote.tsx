import { plural, t } from '@lingui/core/macro';
import { MessageCircleDashed } from 'lucide-react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { Button } from '../controls/Button';
import { focusComposer } from '../fields/focusComposer';
import { change } from '../stores/sessionPages';
import { useTemporaryHours } from './useTemporaryHours';

/** Explains why the open session is not in the list, and how long it is kept. */
export function TemporaryNote({ session }: { session: Session }) {
  const hours = useTemporaryHours();
  const keep = (): void => {
    change(session, { archived: false }).then(focusComposer, (error: unknown) => toast.error(sentenceOf(error)));
  };
  return (
    <section aria-label={t`Temporary chat`} className="flex items-center justify-center gap-3 border-b border-line bg-panel px-4 py-1.5 text-sm text-soft">
      <MessageCircleDashed className="size-4 shrink-0" aria-hidden="true" />
      <span className="min-w-0">{sentence(hours)}</span>
      <Button look="quiet" onClick={keep} className="shrink-0 text-accent">{t`Keep this chat`}</Button>
    </section>
  );
}

function sentence(hours: number): string {
  if (hours === 0) return t`Temporary chat`;
  return plural(hours, {
    one: 'Temporary chat: deleted # hour after its last message',
    other: 'Temporary chat: deleted # hours after its last message',
  });
}
