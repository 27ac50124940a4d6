import { plural, t } from '@lingui/core/macro';
import { ChevronRight } from 'lucide-react';
import { Markdown } from '../prose/Markdown';
import { useThinkingTime } from './useThinkingTime';

/** The model's reasoning before its answer, folded, with the time that it took if this reader saw it happen. `id` identifies it. */
export function Reasoning({ id, text, streaming }: { id: string; text: string; streaming: boolean }) {
  const seconds = useThinkingTime(id, streaming);
  return (
    <details className="group/details text-sm text-soft">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1.5 rounded-md py-0.5 pr-2 select-none hover:text-ink">
        <ChevronRight className="size-4 transition-transform group-open/details:rotate-90" aria-hidden="true" />
        {title(streaming, seconds)}
        {streaming && <span className="ml-1 size-1.5 animate-pulse-soft rounded-full bg-accent" aria-hidden="true" />}
      </summary>
      <div className="mt-2 ml-2 border-l-2 border-line pl-4">
        <Markdown text={text} streaming={streaming} />
      </div>
    </details>
  );
}

function title(streaming: boolean, seconds: number | null): string {
  if (streaming) return t`Thinking…`;
  return seconds === null ? t`Thoughts` : plural(seconds, { one: 'Thought for # second', other: 'Thought for # seconds' });
}
