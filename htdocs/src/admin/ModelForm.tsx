import { t } from '@lingui/core/macro';
import { useState, type ComponentProps } from 'react';
import { efforts, type Effort } from '../api/models';
import { CheckField, More, SelectField, TextArea } from '../controls/Fields';
import { FormSheet } from '../controls/FormSheet';
import { TextField } from '../controls/TextField';
import { numberIn, objectIn, priceIn, priceText, textIn } from '../fields/entered';
import { addableSentence } from '../fields/gone';
import { usePageDraft, type FormDraft } from '../hooks/useFormDraft';
import { nameOfEffort } from '../models/nameOfEffort';
import { isolated } from '../text/isolated';
import { saveModel, type ModelChange, type Provider, type SiteModel } from './api';
import { defaultOf, siteNames, type ModelsState } from './models';
import { OffersField } from './OffersField';
import { modelGone } from './sentences';
import { useSave } from './useSave';

/** The longest display name, in characters. */
const longestLabel = 128;

interface Props {
  provider: Provider;
  model: SiteModel | null;
  /** All providers and models of the site. */
  site: Pick<ModelsState, 'providers' | 'models'>;
  /** The models that it may fall back to. */
  others: SiteModel[];
  onSaved: () => void;
  /** The model may have been changed by somebody else. */
  onFailed: () => void;
  onClose: () => void;
}

/** Adds a model of a provider, or changes one. */
export function ModelForm({ provider, model, site, others, onSaved, onFailed, onClose }: Props) {
  const { busy, problem, at, gone, run } = useSave(['upstreamName', 'label', 'contextTokens', 'takes', 'options', 'temperature', 'maxTokens', 'position'], () => `${modelGone()} ${addableSentence()}`);
  const changed = gone ? null : model;
  const [odd, setOdd] = useState(false);
  const { fixed } = defaultOf(site.models);
  const draft = usePageDraft(model === null ? `model-new-${provider.id}` : `model-${model.id}`, fieldsOf(model, fixed));
  const { values } = draft;
  const called = values.label.trim() || labelOf(values.upstreamName);
  const own = { id: model?.id ?? 'one more that is new', providerId: provider.id, label: called };
  const name = isolated(siteNames({ ...site, models: [...site.models.filter(({ id }) => id !== own.id), own] })(own));

  async function submit(data: FormData): Promise<void> {
    const options = objectIn(textIn(data, 'options'));
    setOdd(options === undefined);
    if (options === undefined) return;
    const change = changeIn(data, options, fixed);
    if (!(await run(() => saveModel(changed, changed === null ? withoutNothing({ providerId: provider.id, ...change }) : change)))) {
      onFailed();
      return;
    }
    draft.saved(values);
    onSaved();
  }

  return (
    <FormSheet
      name="model"
      title={changed === null ? t`Add a model from ${isolated(provider.name)}` : t`Change ${isolated(changed.label)}`}
      action={gone ? t`Add as new` : changed === null ? t`Add` : t`Save`}
      busy={busy}
      problem={problem}
      draft={draft}
      onSubmit={(data) => void submit(data)}
      onClose={onClose}
    >
      <OffersField providerId={provider.id} value={values.upstreamName} problem={at('upstreamName')} onChange={(upstreamName) => draft.change({ upstreamName })} />
      <TextField label={t`Display name`} {...draft.field('label')} dir="auto" autoComplete="off" maxLength={longestLabel} placeholder={labelOf(values.upstreamName)} problem={at('label')}
        hint={name === isolated(called) ? undefined : t`Another model has this name. This one is shown as “${name}”.`} />
      <fieldset className="grid grid-cols-1 gap-4 sm:grid-cols-3">
        <legend className="mb-1.5 text-sm font-medium">{t`Prices per million tokens`}</legend>
        <Price label={t`Input`} {...draft.field('input')} />
        <Price label={t`Cached input`} {...draft.field('cached')} />
        <Price label={t`Output`} {...draft.field('output')} />
      </fieldset>
      <More summary={t`More settings`}>
        <Advanced draft={draft} others={others} nameOf={siteNames(site)} at={at} odd={odd} />
      </More>
      <div>
        <CheckField label={t`Available to users`} {...draft.box('enabled')} />
        <CheckField label={t`Default model for new chats`} {...draft.box('isDefault')} disabled={fixed} hint={fixed ? t`The server’s configuration sets the default.` : undefined} />
      </div>
    </FormSheet>
  );
}

function Advanced({ draft, others, nameOf, at, odd }: { draft: Pick<FormDraft<ModelFields>, 'field'>; others: SiteModel[]; nameOf: (model: SiteModel) => string; at: (field: string) => string | null; odd: boolean }) {
  return (
    <>
      <TextField label={t`Context size (tokens)`} {...draft.field('contextTokens')} type="number" min={512} max={100000000} problem={at('contextTokens')} />
      <TextField label={t`Maximum reply length (tokens)`} {...draft.field('maxTokens')} type="number" min={1} max={100000000} problem={at('maxTokens')} />
      <TextField label={t`Temperature`} {...draft.field('temperature')} type="number" min={0} max={2} step="any" problem={at('temperature')} />
      <SelectField label={t`Thinking effort`} {...draft.field('effort')}>
        <option value="">{t`Provider default`}</option>
        {efforts.map((effort) => (
          <option key={effort} value={effort}>{nameOfEffort(effort)}</option>
        ))}
      </SelectField>
      <SelectField label={t`Fallback model`} {...draft.field('fallbackId')}>
        <option value="">{t`No fallback`}</option>
        {others.map((other) => (
          <option key={other.id} value={other.id}>{nameOf(other)}</option>
        ))}
      </SelectField>
      <TextField label={t`Abilities`} {...draft.field('takes')} dir="ltr" autoComplete="off" maxLength={512} placeholder="images=off tools=off" problem={at('takes')}
        hint={t`Uses the words of llm.takes in the configuration. Testing the model fills this in.`} />
      <TextArea label={t`Extra request fields`} {...draft.field('options')} dir="ltr"
        problem={odd ? t`This is not a JSON object.` : at('options')} hint={t`A JSON object. Its fields are sent to the provider unchanged.`} />
      <TextField label={t`Position in the list`} {...draft.field('position')} type="number" min={-1000000} max={1000000} problem={at('position')} />
    </>
  );
}

function Price(props: ComponentProps<'input'> & { label: string }) {
  return <TextField {...props} type="number" min={0} max={1000000} step="any" inputMode="decimal" />;
}

const fieldNames = ['upstreamName', 'label', 'input', 'cached', 'output', 'contextTokens', 'maxTokens', 'temperature', 'effort', 'fallbackId', 'takes', 'options', 'position', 'enabled', 'isDefault'] as const;
type ModelFields = Record<(typeof fieldNames)[number], string>;

/** The initial values of the fields. */
function fieldsOf(model: SiteModel | null, fixed: boolean): ModelFields {
  const { prices, options = null } = model ?? {};
  const own: Record<string, unknown> = {
    ...model,
    input: priceText(prices?.input ?? null),
    cached: priceText(prices?.cached ?? null),
    output: priceText(prices?.output ?? null),
    options: options === null ? '' : JSON.stringify(options, null, 2),
    enabled: (model?.enabled ?? true) ? 'on' : '',
    isDefault: !fixed && model?.isDefault === true ? 'on' : '',
  };
  return Object.fromEntries(fieldNames.map((name) => [name, String(own[name] ?? '')])) as ModelFields;
}

/** The default display name of a model. */
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
    // A disabled field is not in FormData, so the earlier choice stays.
    ...(!fixed && { isDefault: data.get('isDefault') !== null }),
  };
}

/** Leaves out members of a new row that have their default value. */
function withoutNothing(change: ModelChange): ModelChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null && value !== ''));
}
