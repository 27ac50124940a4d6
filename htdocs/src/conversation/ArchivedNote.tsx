import { t } from '@lingui/core/macro';
import { Archive } from 'lucide-react';
import { toast } from 'sonner';
import { sentenceOf } from '../api/problem';
import type { Session } from '../api/sessions';
import { Button } from '../controls/Button';
import { focusComposer } from '../fields/focusComposer';
import { change } from '../stores/sessionPages';

/** Explains why the open session is not in the list. */
export function ArchivedNote({ session }: { session: Session }) {
  const restore = (): void => {
    change(session, { archived: false }).then(focusComposer, (error: unknown) => toast.error(sentenceOf(error)));
  };
  return (
    <section aria-label={t`Archive`} className="flex items-center justify-center gap-3 border-b border-line bg-panel px-4 py-1.5 text-sm text-soft">
      <Archive className="size-4 shrink-0" aria-hidden="true" />
      {t`This chat is archived.`}
      <Button look="quiet" onClick={restore} className="text-accent">{t`Unarchive`}</Button>
    </section>
  );
}
