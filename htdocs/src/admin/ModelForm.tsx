import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { TextField } from '../components/TextField';
import { nameOfEffort } from '../components/models/nameOfEffort';
import { efforts, type Effort } from '../api/models';
import { saveModel, type ModelChange, type Provider, type SiteModel } from './api';
import { addableSentence } from '../text/gone';
import { numberIn, objectIn, priceIn, priceText, textIn } from '../text/entered';
import { CheckField, More, SelectField, TextArea } from '../components/Fields';
import { FormSheet } from '../components/FormSheet';
import { defaultOf, siteNames, type ModelsState } from './models';
import { OffersField } from './OffersField';
import { modelGone } from './sentences';
import { useSave } from './useSave';
import { isolated } from '../text/isolated';

/** Of its display name, in characters. */
const longestLabel = 128;

interface Props {
  provider: Provider;
  model: SiteModel | null;
  /** All that there are. */
  site: Pick<ModelsState, 'providers' | 'models'>;
  /** What it may fall back to. */
  others: SiteModel[];
  onSaved: () => void;
  /** It may be another one now. */
  onFailed: () => void;
  onClose: () => void;
}

/** Adds a model of a provider, or changes one. */
export function ModelForm({ provider, model, site, others, onSaved, onFailed, onClose }: Props) {
  const { busy, problem, at, gone, run } = useSave(['upstreamName', 'label', 'contextTokens', 'takes', 'options', 'temperature', 'maxTokens', 'position'], () => `${modelGone()} ${addableSentence()}`);
  const changed = gone ? null : model;
  const [upstreamName, setUpstreamName] = useState(model?.upstreamName ?? '');
  const [typed, setTyped] = useState<string | null>(null);
  const [odd, setOdd] = useState(false);
  const called = (typed ?? model?.label ?? '').trim() || labelOf(upstreamName);
  const { fixed } = defaultOf(site.models);
  const own = { id: model?.id ?? 'one more that is new', providerId: provider.id, label: called };
  const name = isolated(siteNames({ ...site, models: [...site.models.filter(({ id }) => id !== own.id), own] })(own));

  async function submit(data: FormData): Promise<void> {
    const options = objectIn(textIn(data, 'options'));
    setOdd(options === undefined);
    if (options === undefined) return;
    const change = changeIn(data, options, fixed);
    if (await run(() => saveModel(changed, changed === null ? withoutNothing({ providerId: provider.id, ...change }) : change))) onSaved();
    else onFailed();
  }

  return (
    <FormSheet
      name="model"
      title={changed === null ? t`Add a model from ${isolated(provider.name)}` : t`Change ${isolated(changed.label)}`}
      action={gone ? t`Add as new` : changed === null ? t`Add` : t`Save`}
      busy={busy}
      problem={problem}
      onSubmit={(data) => void submit(data)}
      onClose={onClose}
    >
      <OffersField providerId={provider.id} value={upstreamName} problem={at('upstreamName')} onChange={setUpstreamName} />
      <TextField label={t`Display name`} name="label" dir="auto" autoComplete="off" maxLength={longestLabel} defaultValue={model?.label} onChange={(event) => setTyped(event.currentTarget.value)} placeholder={labelOf(upstreamName)} problem={at('label')}
        hint={name === isolated(called) ? undefined : t`Another model has this name. This one is shown as “${name}”.`} />
      <fieldset className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        <legend className="mb-1.5 text-sm font-medium">{t`Prices per million tokens`}</legend>
        <Price label={t`Input`} name="input" value={model?.prices.input} />
        <Price label={t`Cached input`} name="cached" value={model?.prices.cached} />
        <Price label={t`Output`} name="output" value={model?.prices.output} />
      </fieldset>
      <More summary={t`More settings`}>
        <Advanced model={model} others={others} nameOf={siteNames(site)} at={at} odd={odd} />
      </More>
      <div>
        <CheckField label={t`Available to users`} name="enabled" defaultChecked={model?.enabled ?? true} />
        <CheckField label={t`Default model for new chats`} name="isDefault" defaultChecked={!fixed && (model?.isDefault ?? false)} disabled={fixed} hint={fixed ? t`The server’s configuration sets the default.` : undefined} />
      </div>
    </FormSheet>
  );
}

function Advanced({ model, others, nameOf, at, odd }: { model: SiteModel | null; others: SiteModel[]; nameOf: (model: SiteModel) => string; at: (field: string) => string | null; odd: boolean }) {
  return (
    <>
      <TextField label={t`Context size (tokens)`} name="contextTokens" type="number" min={512} max={100000000} defaultValue={model?.contextTokens ?? ''} problem={at('contextTokens')} />
      <TextField label={t`Maximum reply length (tokens)`} name="maxTokens" type="number" min={1} max={100000000} defaultValue={model?.maxTokens ?? ''} problem={at('maxTokens')} />
      <TextField label={t`Temperature`} name="temperature" type="number" min={0} max={2} step="any" defaultValue={model?.temperature ?? ''} problem={at('temperature')} />
      <SelectField label={t`Thinking effort`} name="effort" defaultValue={model?.effort ?? ''}>
        <option value="">{t`Provider default`}</option>
        {efforts.map((effort) => (
          <option key={effort} value={effort}>{nameOfEffort(effort)}</option>
        ))}
      </SelectField>
      <SelectField label={t`Fallback model`} name="fallbackId" defaultValue={model?.fallbackId ?? ''}>
        <option value="">{t`No fallback`}</option>
        {others.map((other) => (
          <option key={other.id} value={other.id}>{nameOf(other)}</option>
        ))}
      </SelectField>
      <TextField label={t`Abilities`} name="takes" dir="ltr" autoComplete="off" maxLength={512} defaultValue={model?.takes} placeholder="images=off tools=off" problem={at('takes')}
        hint={t`Uses the words of llm.takes in the configuration. Testing the model fills this in.`} />
      <TextArea label={t`Extra request fields`} name="options" dir="ltr" defaultValue={model?.options == null ? '' : JSON.stringify(model.options, null, 2)}
        problem={odd ? t`This is not a JSON object.` : at('options')} hint={t`A JSON object. Its fields are sent to the provider unchanged.`} />
      <TextField label={t`Position in the list`} name="position" type="number" min={-1000000} max={1000000} defaultValue={model?.position ?? ''} problem={at('position')} />
    </>
  );
}

function Price({ label, name, value }: { label: string; name: string; value: number | null | undefined }) {
  return <TextField label={label} name={name} type="number" min={0} max={1000000} step="any" inputMode="decimal" defaultValue={priceText(value ?? null)} />;
}

/** What a model is called that has no other name. */
function labelOf(upstreamName: string): string {
  return [...upstreamName.trim()].slice(0, longestLabel).join('').trim();
}

function changeIn(data: FormData, options: Record<string, unknown> | null, fixed: boolean): ModelChange {
  const upstreamName = textIn(data, 'upstreamName') ?? '';
  const position = numberIn(data, 'position');
  return {
    upstreamName,
    label: textIn(data, 'label') ?? labelOf(upstreamName),
    contextTokens: numberIn(data, 'contextTokens'),
    takes: textIn(data, 'takes') ?? '',
    options,
    temperature: numberIn(data, 'temperature'),
    maxTokens: numberIn(data, 'maxTokens'),
    effort: textIn(data, 'effort') as Effort | null,
    prices: { input: priceIn(data, 'input'), cached: priceIn(data, 'cached'), output: priceIn(data, 'output') },
    fallbackId: textIn(data, 'fallbackId'),
    ...(position !== null && { position }),
    enabled: data.get('enabled') !== null,
    // A field that is off is in no form: what was chosen once stays.
    ...(!fixed && { isDefault: data.get('isDefault') !== null }),
  };
}

/** A new row has what is not said anyway. */
function withoutNothing(change: ModelChange): ModelChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null && value !== ''));
}
