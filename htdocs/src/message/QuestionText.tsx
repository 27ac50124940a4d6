import { t } from '@lingui/core/macro';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../controls/Button';
import { isLongQuestion } from '../fields/long';
import { langOf } from '../text/langOf';

/** The questions that the reader of this page has opened; they stay open, even when they are scrolled away. */
const opened = new Set<string>();

/**
 * The text of a question. A long one is folded, except in print and if a search has found it (`found`). The browser's own search scrolls inside
 * folded text, which then opens.
 */
export function QuestionText({ id, text, found, className }: { id: string; text: string; found: boolean; className: string }) {
  const [open, setOpen] = useState(opened.has(id));
  const box = useRef<HTMLDivElement>(null);
  const folds = isLongQuestion(text);
  const folded = folds && !open && !found;

  function fold(on: boolean): void {
    if (on) opened.delete(id);
    else opened.add(id);
    setOpen(!on);
  }

  useEffect(() => {
    if (found) opened.add(id);
    if (found) setOpen(true);
  }, [found, id]);

  return (
    <div ref={box} className={`max-w-[85%] rounded-2xl rounded-br-md px-4 py-2.5 ${className}`}>
      <p
        dir="auto"
        lang={langOf(text)}
        onScroll={() => folded && fold(false)}
        className={`leading-relaxed whitespace-pre-wrap wrap-anywhere ${folded ? 'folded max-h-64 overflow-hidden' : ''}`}
      >
        {text}
      </p>
      {folds && !found && (
        <Button
          look="quiet"
          data-unfolds
          aria-expanded={!folded}
          onClick={() => {
            fold(!folded);
            // Its end may be far from its beginning.
            if (!folded) requestAnimationFrame(() => box.current?.scrollIntoView({ block: 'nearest' }));
          }}
          className="mt-1 -ml-2 !px-2"
        >
          {folded ? <ChevronDown className="size-4" aria-hidden="true" /> : <ChevronUp className="size-4" aria-hidden="true" />}
          {folded ? t`Show all` : t`Show less`}
        </Button>
      )}
    </div>
  );
}
