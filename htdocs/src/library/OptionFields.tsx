import { t } from '@lingui/core/macro';
import type { Assistant } from '../api/assistants';
import { efforts, type ChatOptions, type Effort } from '../api/models';
import { SelectField } from '../controls/Fields';
import { TextField } from '../controls/TextField';
import { numberIn, textIn } from '../fields/entered';
import type { FormDraft } from '../hooks/useFormDraft';
import { nameOfEffort } from '../models/nameOfEffort';
import { useModels } from '../stores/models';
import { namesOf } from '../text/modelNames';

export type OptionTexts = Record<'modelId' | 'temperature' | 'maxTokens' | 'effort', string>;

export function optionFields(assistant: Assistant | null): OptionTexts {
  const { temperature, maxTokens, effort } = assistant?.options ?? {};
  return { modelId: assistant?.modelId ?? '', temperature: String(temperature ?? ''), maxTokens: String(maxTokens ?? ''), effort: effort ?? '' };
}

/** The model, and how it is asked. */
export function OptionFields({ draft, at }: { draft: Pick<FormDraft<OptionTexts>, 'values' | 'field'>; at: (field: string) => string | null }) {
  const models = useModels((state) => state.models);
  const { modelId } = draft.values;
  const gone = modelId !== '' && models.every(({ id }) => id !== modelId);
  return (
    <>
      <SelectField label={t`Model`} {...draft.field('modelId')}>
        <option value="">{t`No model of its own`}</option>
        {models.map(({ id, label }) => (
          <option key={id} value={id}>{namesOf(models).get(id) ?? label}</option>
        ))}
        {gone && <option value={modelId}>{t`A model that is no longer available`}</option>}
      </SelectField>
      <TextField label={t`Temperature`} {...draft.field('temperature')} type="number" min={0} max={2} step="any" inputMode="decimal" problem={at('temperature')}
        hint={t`Lower is more factual, higher is more inventive. Leave empty for the model’s default.`} />
      <TextField label={t`Maximum reply length (tokens)`} {...draft.field('maxTokens')} type="number" min={1} max={100000000} inputMode="numeric" problem={at('maxTokens')} />
      <SelectField label={t`Thinking effort`} {...draft.field('effort')}>
        <option value="">{t`Model default`}</option>
        {efforts.map((each) => (
          <option key={each} value={each}>{nameOfEffort(each)}</option>
        ))}
      </SelectField>
    </>
  );
}

/** Options without a field stay unchanged. */
export function optionsIn(data: FormData, before: ChatOptions | null): ChatOptions | null {
  const [temperature, maxTokens, effort] = [numberIn(data, 'temperature'), numberIn(data, 'maxTokens'), textIn(data, 'effort') as Effort | null];
  const options: ChatOptions = {
    ...(temperature !== null && { temperature }),
    ...(maxTokens !== null && { maxTokens }),
    ...(effort !== null && { effort }),
    ...(before?.tools !== undefined && { tools: before.tools }),
  };
  return Object.keys(options).length === 0 ? null : options;
}
