import { t } from '@lingui/core/macro';
import { Check as CheckSign, LoaderCircle, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { Sheet } from '../controls/Sheet';
import { isolated } from '../text/isolated';
import { checks, testModel, type Check, type SiteModel } from './api';
import { adminSentenceOf, modelGone } from './sentences';

/** The names of the checks; a check that this page does not know has the server's name. */
const names: Record<string, () => string> = {
  list: () => t`Listed by the provider`,
  answer: () => t`It answers`,
  tools: () => t`It uses tools`,
  images: () => t`It reads images`,
  reasoning: () => t`It thinks`,
};

/** Tries the model out as soon as the sheet opens; what is learned is stored with the model. */
export function TestSheet({ model, name: of, onClose }: { model: SiteModel; name: string; onClose: () => void }) {
  const name = isolated(of);
  const [results, setResults] = useState<Check[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const left = new AbortController();
    setResults(null);
    setFailed(null);
    testModel(model, left.signal).then(setResults, (error: unknown) => left.signal.aborted || setFailed(error));
    return () => left.abort();
  }, [model, attempt]);
  const running = results === null && failed === null;

  return (
    <Sheet title={t`Test ${name}`} name="test" width="w-[min(30rem,calc(100vw-2rem))]" onClose={onClose}>
      {failed !== null ? (
        <Notice sentence={adminSentenceOf(failed, modelGone)} />
      ) : (
        <>
          <p role="status" className="mb-3 text-sm text-soft">{running ? t`Testing the model. This can take a minute.` : summaryOf(results ?? [])}</p>
          <ul className="grid gap-3">
            {(results ?? checks.map((name) => ({ name, ok: null, detail: '' }))).map(({ name, ok, detail }) => (
              <li key={name} className="flex gap-2.5 text-sm">
                <Sign ok={ok} />
                <div className="min-w-0">
                  <p>{names[name]?.() ?? name}</p>
                  {detail !== '' && <p dir="auto" className="text-xs text-soft wrap-anywhere">{detail}</p>}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="mt-5 flex justify-end">
        <Button className="pointer-coarse:h-11" disabled={running} onClick={() => setAttempt(attempt + 1)}>{t`Test again`}</Button>
      </div>
    </Sheet>
  );
}

function Sign({ ok }: { ok: boolean | null }) {
  if (ok === null) return <LoaderCircle className="mt-0.5 size-4 shrink-0 animate-spin text-soft motion-reduce:animate-none" aria-hidden="true" />;
  const Icon = ok ? CheckSign : X;
  return (
    <span className="mt-0.5 shrink-0">
      <Icon className={`size-4 ${ok ? 'text-accent' : 'text-danger'}`} aria-hidden="true" />
      <span className="sr-only">{ok ? t`Yes:` : t`No:`}</span>
    </span>
  );
}

function summaryOf(results: Check[]): string {
  const answers = results.some(({ name, ok }) => name === 'answer' && ok);
  return answers ? t`The model works. Its abilities were saved.` : t`The model doesn’t answer.`;
}
