import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { Button } from '../controls/Button';
import { SelectField } from '../controls/Fields';
import { Notice } from '../controls/Notice';
import { readSiteUsage, usageKinds, type SiteUse, type UsageKind } from './api';
import { createModels, readModels, siteNames } from './models';
import { adminSentenceOf } from './sentences';
import { UsageRows } from './UsageRows';

const spans = [7, 30, 90, 365];

interface Shown {
  rows: SiteUse[];
  /** The start of the next page; null at the end. */
  next: string | null;
}

/** The use of the site and its cost, by person, by model, or by day. */
export function UsagePage() {
  const [by, setBy] = useState<UsageKind>('user');
  const [span, setSpan] = useState(30);
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const [site] = useState(createModels);
  const nameOfModel = siteNames(useStore(site));
  useEffect(() => {
    if (by === 'model') void readModels(site);
  }, [by, site]);
  useEffect(() => {
    let wanted = true;
    setShown(null);
    setProblem(null);
    readSiteUsage(by, span, null).then((page) => wanted && setShown(page), (error: unknown) => wanted && setProblem(error));
    return () => {
      wanted = false;
    };
  }, [by, span, attempt]);

  async function readMore({ rows, next }: Shown): Promise<void> {
    try {
      const page = await readSiteUsage(by, span, next);
      setShown((now) => (now?.next === next ? { rows: [...rows, ...page.rows], next: page.next } : now));
    } catch (error) {
      setProblem(error);
    }
  }

  return (
    <div className="grid gap-5">
      <div className="grid grid-cols-2 gap-3">
        <SelectField label={t`Show by`} value={by} onChange={(event) => setBy(event.currentTarget.value as UsageKind)}>
          {usageKinds.map((kind) => (
            <option key={kind} value={kind}>{nameOf(kind)}</option>
          ))}
        </SelectField>
        <SelectField label={t`Period`} value={span} onChange={(event) => setSpan(Number(event.currentTarget.value))}>
          {spans.map((days) => (
            <option key={days} value={days}>{t`Last ${days} days`}</option>
          ))}
        </SelectField>
      </div>
      {problem !== null && <Notice sentence={adminSentenceOf(problem)} onRetry={() => setAttempt(attempt + 1)} />}
      {shown === null && problem === null && <div className="h-60" />}
      {shown !== null && (shown.rows.length === 0 ? <p className="text-sm text-soft">{t`Nothing was used in this period.`}</p> : <UsageRows by={by} rows={shown.rows} nameOfModel={nameOfModel} />)}
      {shown !== null && shown.next !== null && (
        <Button look="quiet" className="pointer-coarse:h-11" onClick={() => void readMore(shown)}>{t`Show more`}</Button>
      )}
    </div>
  );
}

function nameOf(kind: UsageKind): string {
  switch (kind) {
    case 'user': return t`User`;
    case 'model': return t`Model`;
    case 'day': return t`Day`;
  }
}
