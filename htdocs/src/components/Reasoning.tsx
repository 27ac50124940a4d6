import { ChevronRight } from 'lucide-react';
import { Markdown } from './Markdown';

/** What the model thought before it answered, folded away. */
export function Reasoning({ text, streaming }: { text: string; streaming: boolean }) {
  return (
    <details className="group/details text-sm text-soft">
      <summary className="inline-flex cursor-pointer list-none items-center gap-1.5 rounded-md py-0.5 pr-2 select-none hover:text-ink">
        <ChevronRight className="size-4 transition-transform group-open/details:rotate-90" aria-hidden="true" />
        <span className={streaming ? 'animate-pulse-soft' : ''}>{streaming ? 'Thinking…' : 'Thoughts'}</span>
      </summary>
      <div className="mt-2 ml-2 border-l-2 border-line pl-4">
        <Markdown text={text} streaming={streaming} />
      </div>
    </details>
  );
}
