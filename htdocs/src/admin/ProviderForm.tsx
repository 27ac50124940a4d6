import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { CheckField, More, SelectField, TextArea } from '../controls/Fields';
import { FormSheet } from '../controls/FormSheet';
import { Notice } from '../controls/Notice';
import { TextField } from '../controls/TextField';
import { headersIn, headersText, textIn } from '../fields/entered';
import { addableSentence } from '../fields/gone';
import { usePageDraft } from '../hooks/useFormDraft';
import { isolated } from '../text/isolated';
import { hiddenValue, kinds, saveProvider, type Kind, type Provider } from './api';
import { nameOfKind } from './nameOfKind';
import { providerGone, sentenceOfProblem } from './sentences';
import { useSave } from './useSave';

/** The default address of each wire. */
const usual: Record<Kind, string> = {
  openai: 'https://api.openai.com/v1',
  responses: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com',
  gemini: 'https://generativelanguage.googleapis.com',
};

/** Adds a provider, or changes one. `onSaved`: it is stored; `onFailed`: it may have been changed by somebody else. */
export function ProviderForm({ provider, onSaved, onFailed, onClose }: { provider: Provider | null; onSaved: () => void; onFailed: () => void; onClose: () => void }) {
  const { busy, problem, at, gone, run } = useSave(['name', 'baseUrl', 'key', 'headers', 'proxy'], () => `${providerGone()} ${addableSentence()}`);
  const changed = gone ? null : provider;
  const draft = usePageDraft(`provider-${provider?.id ?? 'new'}`, fieldsOf(provider));
  const { values } = draft;
  const kind = values.kind as Kind;
  const [odd, setOdd] = useState(false);

  async function submit(data: FormData): Promise<void> {
    const headers = headersIn(textIn(data, 'headers'));
    setOdd(headers === undefined);
    if (headers === undefined) return;
    const key = textIn(data, 'key');
    const baseUrl = textIn(data, 'baseUrl') ?? '';
    const proxy = textIn(data, 'proxy') ?? '';
    const change = {
      name: textIn(data, 'name') ?? '',
      kind,
      enabled: data.get('enabled') !== null,
      ...(key !== null && { key }),
      // An unchanged field is not sent: a proxy may be none, or the server's.
      ...(baseUrl !== (changed?.baseUrl ?? '') && { baseUrl }),
      ...(proxy !== (changed?.proxy ?? '') && { proxy: proxy === '' ? null : proxy }),
      // If the key is lost, so are its headers, and the ones entered here replace them.
      ...((headersText(headers) !== headersText(changed?.headers ?? null) || (changed?.problem === 'lost' && key !== null)) && { headers }),
    };
    if (!(await run(() => saveProvider(changed, change)))) {
      onFailed();
      return;
    }
    draft.saved(values);
    onSaved();
  }

  return (
    <FormSheet
      name="provider"
      title={changed === null ? t`Add provider` : t`Change ${isolated(changed.name)}`}
      action={gone ? t`Add as new` : changed === null ? t`Add` : t`Save`}
      busy={busy}
      problem={problem}
      draft={draft}
      onSubmit={(data) => void submit(data)}
      onClose={onClose}
    >
      <SelectField label={t`Kind`} {...draft.field('kind')}
        hint={kind === 'openai' ? t`For most providers, and for servers such as vLLM or Ollama.` : undefined}>
        {kinds.map((each) => (
          <option key={each} value={each}>{nameOfKind(each)}</option>
        ))}
      </SelectField>
      <TextField label={t`Name`} {...draft.field('name')} dir="auto" autoComplete="off" maxLength={64} required autoFocus problem={at('name')}
        hint={t`Shown next to its models.`} />
      <TextField label={t`Address`} {...draft.field('baseUrl')} type="url" autoComplete="off" maxLength={2048} placeholder={usual[kind]} problem={at('baseUrl')} />
      <TextField label={t`API key`} name="key" type="password" autoComplete="new-password" data-1p-ignore="" data-bwignore="" data-lpignore="true" maxLength={4096} problem={at('key')}
        hint={keyHint(changed)} />
      {changed !== null && changed.problem !== null && <Notice sentence={sentenceOfProblem(changed.problem)} />}
      <More summary={t`More settings`}>
        <TextArea label={t`Additional headers`} {...draft.field('headers')} dir="ltr"
          problem={odd ? t`Write each header on a line of its own, as “Name: value”.` : at('headers')}
          hint={t`One per line, as “Name: value”. A value of ${hiddenValue} keeps the current one.`} />
        <TextField label={t`Proxy`} {...draft.field('proxy')} dir="ltr" autoComplete="off" maxLength={512} problem={at('proxy')} hint={t`Leave empty to use the server’s proxy, if there is one.`} />
      </More>
      <CheckField label={t`Available to users`} {...draft.box('enabled')} />
    </FormSheet>
  );
}

/** The initial values of the fields. The key is never kept. */
function fieldsOf(provider: Provider | null): Record<'kind' | 'name' | 'baseUrl' | 'headers' | 'proxy' | 'enabled', string> {
  return {
    kind: provider?.kind ?? 'openai',
    name: provider?.name ?? '',
    baseUrl: provider?.baseUrl ?? '',
    headers: headersText(provider?.headers ?? null),
    proxy: provider?.proxy ?? '',
    enabled: (provider?.enabled ?? true) ? 'on' : '',
  };
}

function keyHint(provider: Provider | null): string {
  if (provider === null) return t`It is stored encrypted and never shown again.`;
  if (provider.hasKey && provider.keyTail === null) return t`Leave empty to keep the current key.`;
  return provider.keyTail === null ? t`No key is set.` : t`The current key ends in ${provider.keyTail}. Leave empty to keep it.`;
}
