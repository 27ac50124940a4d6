import { t } from '@lingui/core/macro';
import { useRef, useState, type FormEvent } from 'react';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { useSubmit } from '../hooks/useSubmit';
import { CodeField, codeIfAsked } from './CodeField';

interface Props {
  action: string;
  /** The accessible name of the button, if the action alone is not enough. */
  label?: string;
  work: (code?: string) => Promise<void>;
}

/** A button for work for which the server may require a code; it then asks for the code in place. */
export function CodedButton({ action, label, work }: Props) {
  const { busy, asksCode, problem, at, run } = useSubmit('code');
  const [stopped, setStopped] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);

  function start(): void {
    setStopped(false);
    void run(() => work());
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const code = codeIfAsked(event.currentTarget);
    void run(() => work(code));
  }

  return (
    <div ref={box} className="contents">
      {!asksCode || stopped ? (
        <>
          {problem !== null && <Notice sentence={problem} />}
          <Button data-line className="justify-self-start" disabled={busy} aria-label={label} onClick={start}>{action}</Button>
        </>
      ) : (
        <form onSubmit={submit} className="grid w-full max-w-sm gap-4">
          <CodeField problem={at('code')} autoFocus />
          {problem !== null && <Notice sentence={problem} />}
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="accent" disabled={busy} aria-label={label}>{action}</Button>
            <Button onClick={() => setStopped(true)}>{t`Cancel`}</Button>
          </div>
        </form>
      )}
    </div>
  );
}
