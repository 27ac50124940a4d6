import { t } from '@lingui/core/macro';
import { Logo } from './Logo';
import { Suggestions } from './Suggestions';

/** The empty page of a new session. */
export function Welcome({ username, onPick }: { username: string; onPick: (text: string) => void }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4">
      <div className="m-auto flex w-full max-w-2xl flex-col items-center gap-6 py-10 text-center">
        <Logo className="size-16" />
        <h2 className="font-serif text-3xl tracking-tight text-balance wrap-anywhere">
          {greeting(new Date().getHours(), username)}
        </h2>
        <Suggestions onPick={onPick} />
      </div>
    </div>
  );
}

/** Whole sentences: each language has its own comma. */
function greeting(hour: number, username: string): string {
  if (hour >= 5 && hour < 12) return t`Good morning, ${username}`;
  return hour >= 12 && hour < 18 ? t`Good afternoon, ${username}` : t`Good evening, ${username}`;
}
