import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { CircleAlert, Clock } from 'lucide-react';
import { sentenceOf } from '../api/problem';
import { Button } from '../controls/Button';
import { focusComposer } from '../fields/focusComposer';
import { withTexts } from '../i18n/language';
import { isRecent, sendNow, takeBack, throwAway, useDelivery } from '../stores/delivery';
import { restoreUnsent, type Unsent } from '../stores/outbox';
import { sayError } from '../stores/sayError';
import { QuestionText } from './QuestionText';
import { SentFiles } from './SentFiles';

/** A message that the server does not have: why, and the available actions. `busy`: a reply is running, and the message is sent after it. */
export function UnsentMessage({ entry, busy }: { entry: Unsent; busy: boolean }) {
  const underWay = useDelivery((state) => state.underWay.has(entry.id));
  const queued = busy && entry.state === 'waiting';
  const stuck = !queued && (entry.reason !== null || entry.state === 'held' || !isRecent(entry));
  const edit = async (): Promise<void> => {
    if ((await takeBack(entry)) && entry.edits === null) focusComposer();
  };
  // The buttons disappear, and the focus with them.
  const throwIt = async (): Promise<void> => {
    if (!(await throwAway(entry))) return;
    focusComposer();
    void withTexts(import('./noteDiscarded')).then(({ noteDiscarded }) => noteDiscarded(() => void restoreUnsent(entry)), () => undefined);
  };
  const send = (): void => {
    focusComposer();
    void sendNow(entry).catch((error: unknown) => sayError(sentenceOf(error)));
  };
  return (
    <article aria-label={t`You`} className="flex flex-col items-end gap-2">
      <h2 className="sr-only">{t`You`}</h2>
      <SentFiles files={entry.files} atEnd />
      {entry.text !== '' && (
        <QuestionText id={entry.id} text={entry.text} found={false} className="border border-dashed border-line-strong" />
      )}
      {stuck && !underWay ? <Why entry={entry} /> : <Waits entry={entry} queued={queued && !underWay} />}
      {(queued || stuck) && !underWay && (
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={send}>
            {busy ? t`Stop and send now` : entry.reason === null ? t`Send now` : t`Try again`}
          </Button>
          <Button look="quiet" onClick={() => void edit()}>{t`Edit`}</Button>
          <Button look="quiet" onClick={() => void throwIt()}>{t`Discard`}</Button>
        </div>
      )}
    </article>
  );
}

function Waits({ entry, queued }: { entry: Unsent; queued: boolean }) {
  return (
    <p className="flex items-center gap-1.5 text-xs text-soft">
      <Clock className="size-3.5 shrink-0" aria-hidden="true" />
      {queued ? t`Will be sent after this reply` : t`Sending…`}
      {entry.fleeting === true && ` ${onlyHere()}`}
    </p>
  );
}

function Why({ entry }: { entry: Unsent }) {
  const time = new Date(entry.time).toLocaleString(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <div role="alert" className="flex max-w-[85%] items-start gap-1.5 text-sm text-danger">
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <span>
        {[entry.reason, t`Not sent.`, isRecent(entry) ? null : t`Written on ${time}.`, entry.fleeting === true ? onlyHere() : null].filter(Boolean).join(' ')}
      </span>
    </div>
  );
}

/** The browser stores nothing. */
function onlyHere(): string {
  return t`Keep this tab open: your browser can’t store it.`;
}
