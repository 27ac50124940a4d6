import { t } from '@lingui/core/macro';
import { useState, type FormEvent } from 'react';
import { useSubmit } from '../../hooks/useSubmit';
import { Button } from '../Button';
import { CodeField, codeIfAsked } from '../CodeField';
import { Notice } from '../Notice';

interface Props {
  action: string;
  /** What is read out of the button, where the action alone does not tell. */
  label?: string;
  work: (code?: string) => Promise<void>;
}

/** A button whose work the server may want a code for: then it asks for it in its place. */
export function CodedButton({ action, label, work }: Props) {
  const { busy, asksCode, problem, at, run } = useSubmit('code');
  const [stopped, setStopped] = useState(false);

  function start(): void {
    setStopped(false);
    void run(() => work());
  }

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const code = codeIfAsked(event.currentTarget);
    void run(() => work(code));
  }

  if (!asksCode || stopped) {
    return (
      <>
        {problem !== null && <Notice sentence={problem} />}
        <Button className="justify-self-start" disabled={busy} aria-label={label} onClick={start}>{action}</Button>
      </>
    );
  }
  return (
    <form onSubmit={submit} className="grid w-full max-w-sm gap-4">
      <CodeField problem={at('code')} autoFocus />
      {problem !== null && <Notice sentence={problem} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="accent" disabled={busy} aria-label={label}>{action}</Button>
        <Button onClick={() => setStopped(true)}>{t`Cancel`}</Button>
      </div>
    </form>
  );
}
