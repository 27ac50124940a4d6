import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { readLimits, type Budget, type Limits, type Rule } from '../api/account';
import { Notice } from '../controls/Notice';
import { useSubmit } from '../hooks/useSubmit';

/** The limits of the account, and what is left of them. */
export function LimitList() {
  const [limits, setLimits] = useState<Limits | null>(null);
  const { problem, run } = useSubmit();
  const read = (): void => void run(async () => setLimits(await readLimits()));
  useEffect(read, []); // eslint-disable-line react-hooks/exhaustive-deps

  if (problem !== null) return <Notice sentence={problem} onRetry={read} />;
  if (limits === null) return <div className="h-20" />;
  const { budgets, rules } = limits;
  if (budgets.length + rules.length === 0) return <p className="text-sm text-soft">{t`Your account has no limits on this server.`}</p>;
  return (
    <>
      <ul className="grid gap-4">
        {budgets.map((budget) => (
          <BudgetRow key={budget.rule} budget={budget} />
        ))}
      </ul>
      {rules.length > 0 && (
        <details className="text-sm">
          <summary className="cursor-pointer text-soft">{t`Rate limits`}</summary>
          <dl className="mt-3 grid gap-1.5">
            {rules.map((rule, index) => (
              <div key={index} className="flex flex-wrap justify-between gap-x-4 border-b border-line pb-1.5">
                <dt>{ruleName(rule.rule)}</dt>
                <dd className="text-soft tabular-nums">{rateOf(rule)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}

function BudgetRow({ budget }: { budget: Budget }) {
  const { rule, max, used, left, refillTime } = budget;
  const name = budgetName(rule);
  const share = Math.min(1, used / max);
  const amount = rule === 'stored_bytes' ? megabytes : count;
  const [usedText, maxText, leftText] = [amount(used), amount(max), amount(left)];
  const time = refillTime === undefined ? undefined : new Date(refillTime).toLocaleTimeString(i18n.locale, { timeStyle: 'short' });
  return (
    <li className="grid gap-1.5 text-sm">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{name}</span>
        <span className="text-soft tabular-nums">{t`${usedText} of ${maxText} used, ${leftText} left`}</span>
      </div>
      <div role="meter" aria-label={name} aria-valuemin={0} aria-valuemax={max} aria-valuenow={Math.min(used, max)}
        className="h-2 overflow-hidden rounded-full bg-line">
        <div className={`h-full rounded-full ${left === 0 ? 'bg-danger' : 'bg-accent'}`} style={{ width: `${share * 100}%` }} />
      </div>
      {time !== undefined && <p className="text-xs text-soft">{t`Resets at ${time}.`}</p>}
    </li>
  );
}

const budgetNames: Record<string, () => string> = {
  day_messages: () => t`Messages today`,
  day_tokens: () => t`Tokens today`,
  stored_bytes: () => t`Storage`,
  sessions: () => t`Chats`,
};

function budgetName(rule: string): string {
  return budgetNames[rule]?.() ?? rule;
}

const ruleNames: Record<string, () => string> = {
  login: () => t`Log-ins`,
  refresh: () => t`Login renewals`,
  account: () => t`Changes to the account`,
  read: () => t`Lists and messages loaded`,
  write: () => t`Changes to chats`,
  search: () => t`Searches`,
  export: () => t`Pages of an export`,
  chat: () => t`Messages sent`,
  follow: () => t`Replies streamed`,
  stop: () => t`Replies stopped`,
  tools: () => t`Tool calls`,
};

/** For the test: the known limits. */
export const knownLimits = [...Object.keys(ruleNames), ...Object.keys(budgetNames)];

function ruleName(rule: string): string {
  return ruleNames[rule]?.() ?? rule;
}

function rateOf({ max, periodSeconds }: Rule): string {
  const n = count(max);
  if (periodSeconds === 0) return t`${n} at once`;
  if (periodSeconds === 1) return t`${n} per second`;
  if (periodSeconds === 60) return t`${n} per minute`;
  if (periodSeconds === 3600) return t`${n} per hour`;
  if (periodSeconds === 86_400) return t`${n} per day`;
  return t`${n} every ${periodSeconds} seconds`;
}

function count(n: number): string {
  return new Intl.NumberFormat(i18n.locale).format(n);
}

function megabytes(bytes: number): string {
  const format = new Intl.NumberFormat(i18n.locale, { style: 'unit', unit: 'megabyte', maximumFractionDigits: bytes < 10 * 1024 * 1024 ? 1 : 0 });
  return format.format(bytes / 1024 / 1024);
}
