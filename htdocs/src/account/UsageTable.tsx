import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import type { DayOfUse } from '../api/account';

export function UsageTable({ days }: { days: DayOfUse[] }) {
  const number = new Intl.NumberFormat(i18n.locale);
  const day = new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const heads = [t`Day`, t`Replies`, t`Input tokens`, t`Output tokens`];
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-soft">{t`Show as a table`}</summary>
      <div className="shaded-ends mt-3 overflow-x-auto" role="region" aria-label={t`Usage by day`} tabIndex={0}>
        <table className="w-full tabular-nums">
          <thead>
            <tr className="border-b border-line text-left">
              {heads.map((head, n) => (
                <th key={head} scope="col" className={`py-1.5 pr-4 font-medium ${n > 0 ? 'text-right' : ''}`}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ date, messages, inputTokens, outputTokens }) => (
              <tr key={date} className="border-b border-line">
                <th scope="row" className="py-1.5 pr-4 text-left font-normal">
                  {day.format(new Date(date))}
                </th>
                {[messages, inputTokens, outputTokens].map((value, n) => (
                  <td key={n} className="py-1.5 pr-4 text-right">
                    {number.format(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
