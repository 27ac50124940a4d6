import { t } from '@lingui/core/macro';
import { Fragment } from 'react';
import { labelOf, plainly } from '../text/plainly';
import { ToolValue } from './ToolValue';

/** Deeper nesting would be confusing. */
const deepest = 3;

/** The input of a tool, for the person who has to allow it: each name and value, with nothing left out. */
export function ToolInput({ value }: { value: unknown }) {
  if (!isRecord(value)) return <ToolValue label={t`Input`} value={value} />;
  if (Object.keys(value).length === 0) return <p className="text-soft">{t`No input`}</p>;
  return (
    <div role="group" aria-label={t`Input`}>
      <Fields of={value} depth={1} />
    </div>
  );
}

function Fields({ of, depth }: { of: Record<string, unknown>; depth: number }) {
  const keys = Object.keys(of);
  const labels = keys.map(labelOf);
  const distinct = new Set(labels).size === keys.length;
  return (
    <dl className="grid grid-cols-1 gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(5rem,auto)_minmax(0,1fr)]">
      {keys.map((key, index) => (
        <Fragment key={key}>
          <dt title={key} className="text-soft wrap-anywhere">
            <Plain text={distinct ? (labels[index] ?? key) : key} />
          </dt>
          <dd className="mb-1.5 min-w-0 sm:mb-0">
            <Value of={of[key]} depth={depth} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Value({ of, depth }: { of: unknown; depth: number }) {
  if (typeof of === 'string') return of === '' ? <span className="text-soft">{t`empty`}</span> : <Text text={of} />;
  if (typeof of === 'boolean') return of ? t`Yes` : t`No`;
  if (of === null || of === undefined) return <span className="text-soft">{t`none`}</span>;
  if (typeof of !== 'object') return String(of);
  const empty = Object.keys(of).length === 0;
  if (empty) return <span className="text-soft">{t`empty`}</span>;
  if (depth >= deepest) return <Text text={JSON.stringify(of, null, 2)} />;
  if (isRecord(of)) return <Fields of={of} depth={depth + 1} />;
  return (
    <ul className="grid gap-1">
      {(of as unknown[]).map((each, index) => (
        <li key={index} className="border-s-2 border-line ps-2">
          <Value of={each} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

/** Keeps the lines as they are; a long text scrolls. */
function Text({ text }: { text: string }) {
  const long = text.length > 600;
  return (
    <p dir="auto" tabIndex={long ? 0 : undefined} className="max-h-60 overflow-auto whitespace-pre-wrap wrap-anywhere">
      <Plain text={text} />
    </p>
  );
}

function Plain({ text }: { text: string }) {
  return plainly(text).map(({ shown, hidden }, index) =>
    hidden ? (
      <span key={index} dir="ltr" className="mx-0.5 rounded bg-danger-soft px-1 font-mono text-xs text-danger">
        {shown}
      </span>
    ) : (
      shown
    ),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
