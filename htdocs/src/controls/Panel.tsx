import { t } from '@lingui/core/macro';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { showView } from '../stores/shell';
import { Button } from './Button';

/** A page in place of the conversation. Its heading takes the focus, so that a screen reader continues there. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-2xl px-4 pt-6 pb-[max(3rem,env(safe-area-inset-bottom))] sm:px-6">
        <Button look="quiet" className="-ml-3" onClick={() => showView('chat')}>
          <ArrowLeft className="size-4" aria-hidden="true" />
          {t`Back to the chat`}
        </Button>
        <h1 ref={heading} tabIndex={-1} className="mt-3 mb-6 font-serif text-3xl tracking-tight outline-none">
          {title}
        </h1>
        {children}
      </div>
    </main>
  );
}
