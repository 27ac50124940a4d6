import { plural, t } from '@lingui/core/macro';
import { useEffect, useId, useState } from 'react';
import { TextField } from '../controls/TextField';
import { matching } from '../found/matching';
import { readOffers } from './api';
import { adminSentenceOf, providerGone } from './sentences';

/** Browsers easily draw this many options below a field; a provider may have ten thousand. */
const most = 50;

/** The name of a model at its provider, with suggestions from the provider's list. */
export function OffersField({ providerId, value, problem, onChange }: { providerId: string; value: string; problem: string | null; onChange: (name: string) => void }) {
  const id = useId();
  const [offers, setOffers] = useState<string[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    const left = new AbortController();
    readOffers(providerId, left.signal).then(setOffers, (error: unknown) => left.signal.aborted || setFailed(error));
    return () => left.abort();
  }, [providerId]);
  const shown = matching(offers ?? [], value, (name) => name).slice(0, most);

  return (
    <>
      <TextField label={t`Model name at the provider`} name="upstreamName" dir="ltr" list={id} autoComplete="off" spellCheck={false} maxLength={255} required autoFocus value={value}
        onChange={(event) => onChange(event.currentTarget.value)} problem={problem} hint={hintOf(offers, failed)} />
      <datalist id={id}>
        {shown.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

function hintOf(offers: string[] | null, failed: unknown): string {
  if (failed !== null) return `${adminSentenceOf(failed, providerGone)} ${t`You can still type the name.`}`;
  if (offers === null) return t`Loading the provider’s models…`;
  if (offers.length === 0) return t`The provider lists no models. Type the name yourself.`;
  return plural(offers.length, { one: 'The provider lists # model.', other: 'The provider lists # models. Type to choose one.' });
}
