import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { lazy, useEffect, useState } from 'react';
import { readUsage, type DayOfUse } from '../api/account';
import { Piece } from '../controls/Boundary';
import { Notice } from '../controls/Notice';
import { useSubmit } from '../hooks/useSubmit';
import { withTexts } from '../i18n/language';
import { everyDay, sumsOf } from '../text/usage';
import { UsageTable } from './UsageTable';

const UsageChart = lazy(() => withTexts(import('./UsageChart')));

const span = 30;

/** Replies and tokens of the last days: as a chart, and as a table for readers who cannot see the chart. */
export function Usage() {
  const [days, setDays] = useState<DayOfUse[] | null>(null);
  const { problem, run } = useSubmit();
  const read = (): void => void run(async () => setDays(await readUsage(span)));
  useEffect(read, []); // eslint-disable-line react-hooks/exhaustive-deps

  if (problem !== null) return <Notice sentence={problem} onRetry={read} />;
  if (days === null) return <div className="h-72" />;
  const all = everyDay(days, span, new Date());
  const { messages, tokens } = sumsOf(all);
  const [replies, total] = [plural(messages, { one: '# reply', other: '# replies' }), new Intl.NumberFormat(i18n.locale).format(tokens)];
  const summary = t`Last ${span} days: ${replies}, ${total} tokens`;
  return (
    <>
      <p className="text-sm text-soft">
        {summary}
      </p>
      {messages > 0 && (
        <Piece waiting={<div className="h-72" />}>
          <UsageChart days={all} />
        </Piece>
      )}
      {messages > 0 && <UsageTable days={days} />}
    </>
  );
}
