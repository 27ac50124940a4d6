import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import type { SiteUse, UsageKind } from './api';

/** Draws a bar and the numbers for each line. If a price is known the bars show the cost, otherwise the tokens. */
export function UsageRows({ by, rows, nameOfModel }: { by: UsageKind; rows: SiteUse[]; nameOfModel: (model: { id: string; label: string }) => string }) {
  const number = new Intl.NumberFormat(i18n.locale);
  const priced = rows.some(({ cost }) => cost !== null);
  const size = (row: SiteUse): number => (priced ? (row.cost ?? 0) : row.inputTokens + row.outputTokens);
  const largest = Math.max(1, ...rows.map(size));
  const first = { user: t`User`, model: t`Model`, day: t`Day` }[by];
  const heads = [first, t`Replies`, t`Input tokens`, t`Cached input`, t`Output tokens`, t`Cost`];
  return (
    <section className="min-w-0">
      <div className="shaded-ends overflow-x-auto" role="region" aria-label={t`Usage`} tabIndex={0}>
        <table className="w-full text-sm tabular-nums">
          <thead>
            <tr className="border-b border-line text-left">
              {heads.map((head, n) => (
                <th key={head} scope="col" className={`py-1.5 align-bottom font-medium ${n > 0 ? 'pl-4 text-right' : 'min-w-28'}`}>{head}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, n) => (
              <tr key={n} className="border-b border-line">
                <th scope="row" className="py-1.5 text-left font-normal">
                  <span dir="auto" className="wrap-anywhere">{by === 'model' && row.label != null ? nameOfModel({ id: row.modelId ?? '', label: row.label }) : nameOf(row, by)}</span>
                  <span aria-hidden="true" className="mt-1 block h-1.5 rounded-full bg-accent" style={{ width: `${Math.max((size(row) / largest) * 100, 1)}%` }} />
                </th>
                {[row.replies, row.inputTokens, row.cachedTokens, row.outputTokens].map((value, column) => (
                  <td key={heads[column + 1]} className="py-1.5 pl-4 text-right">{number.format(value)}</td>
                ))}
                <td className="py-1.5 pr-1 pl-4 text-right">{row.cost === null ? '–' : costText(row.cost)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="mt-3 text-xs text-soft">{t`The cost is what the models’ prices come to, in their currency. Replies of models without prices have none.`}</p>
    </section>
  );
}

/** The name of the user, the model or the day. The user or model may have been deleted since. */
function nameOf({ username, label, day }: SiteUse, by: UsageKind): string {
  if (by === 'user') return username ?? t`deleted account`;
  if (by === 'model') return label ?? t`removed model`;
  return day === undefined || day === null ? '' : new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

function costText(millionths: number): string {
  return new Intl.NumberFormat(i18n.locale, { minimumFractionDigits: 2, maximumFractionDigits: millionths < 1e6 ? 4 : 2 }).format(millionths / 1e6);
}
