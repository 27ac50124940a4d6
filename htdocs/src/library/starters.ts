import { t } from '@lingui/core/macro';
import { longest, mostStarters } from '../api/library';

/** One per line. */
export function startersIn(data: FormData): string[] {
  return String(data.get('starters') ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

/** Why the server would refuse them. */
export function startersProblem(starters: readonly string[]): string | null {
  if (starters.length > mostStarters) return t`At most ${mostStarters} starters, one per line.`;
  const most = longest.starter;
  return starters.some((starter) => [...starter].length > most) ? t`A starter can have at most ${most} characters.` : null;
}
