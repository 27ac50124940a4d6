import { t } from '@lingui/core/macro';
import type { Assistant } from '../api/assistants';
import { efforts, type ChatOptions, type Effort } from '../api/models';
import { SelectField } from '../components/Fields';
import { nameOfEffort } from '../components/models/nameOfEffort';
import { TextField } from '../components/TextField';
import { useModels } from '../stores/models';
import { namesOf } from '../text/modelNames';
import { numberIn, textIn } from '../text/entered';

/** Which model answers, and how it is asked. */
export function OptionFields({ assistant, at }: { assistant: Assistant | null; at: (field: string) => string | null }) {
  const models = useModels((state) => state.models);
  const modelId = assistant?.modelId ?? null;
  const gone = modelId !== null && models.every(({ id }) => id !== modelId);
  const { temperature, maxTokens, effort } = assistant?.options ?? {};
  return (
    <>
      <SelectField label={t`Model`} name="modelId" defaultValue={modelId ?? ''}>
        <option value="">{t`No model of its own`}</option>
        {models.map(({ id, label }) => (
          <option key={id} value={id}>{namesOf(models).get(id) ?? label}</option>
        ))}
        {gone && <option value={modelId}>{t`A model that is no longer available`}</option>}
      </SelectField>
      <TextField label={t`Temperature`} name="temperature" type="number" min={0} max={2} step="any" inputMode="decimal" defaultValue={temperature} problem={at('temperature')}
        hint={t`Lower is more factual, higher is more inventive. Leave empty for the model’s default.`} />
      <TextField label={t`Maximum reply length (tokens)`} name="maxTokens" type="number" min={1} max={100000000} inputMode="numeric" defaultValue={maxTokens} problem={at('maxTokens')} />
      <SelectField label={t`Thinking effort`} name="effort" defaultValue={effort ?? ''}>
        <option value="">{t`Model default`}</option>
        {efforts.map((each) => (
          <option key={each} value={each}>{nameOfEffort(each)}</option>
        ))}
      </SelectField>
    </>
  );
}

/** What there is no field for stays as it was. */
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
