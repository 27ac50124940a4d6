import { t } from '@lingui/core/macro';
import { Logo } from './Logo';

const ideas = () => [
  t`Show me a table of the planets`,
  t`Write a short C program and explain the code`,
  t`Think: how many squares has a chess board?`,
];

/** The empty page of a new session. */
export function Welcome({ username, onPick }: { username: string; onPick: (text: string) => void }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4">
      <div className="m-auto flex w-full max-w-2xl flex-col items-center gap-6 py-10 text-center">
        <Logo className="size-16" />
        <h2 className="font-serif text-3xl tracking-tight text-balance wrap-anywhere">
          {greeting(new Date().getHours(), username)}
        </h2>
        <ul className="flex flex-wrap justify-center gap-2" aria-label={t`Suggestions`}>
          {ideas().map((idea) => (
            <li key={idea}>
              <button
                type="button"
                onClick={() => onPick(idea)}
                className="rounded-full border border-line bg-raised px-4 py-2 text-sm text-soft transition-colors hover:border-line-strong hover:text-ink"
              >
                {idea}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Whole sentences: each language has its own comma. */
function greeting(hour: number, username: string): string {
  if (hour >= 5 && hour < 12) return t`Good morning, ${username}`;
  return hour >= 12 && hour < 18 ? t`Good afternoon, ${username}` : t`Good evening, ${username}`;
}
