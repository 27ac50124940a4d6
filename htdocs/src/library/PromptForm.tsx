import { t } from '@lingui/core/macro';
import { longest, savePrompt, type Prompt } from '../api/library';
import { TextArea } from '../controls/Fields';
import { FormSheet } from '../controls/FormSheet';
import { TextField } from '../controls/TextField';
import { fieldsOf } from '../fields/variables';
import { useFormDraft } from '../hooks/useFormDraft';
import { useSubmitSaying } from '../hooks/useSubmit';
import { formSentenceOf } from './sentences';

/** Adds a prompt, or changes one. `onFailed`: it may have been changed by somebody else. */
export function PromptForm({ prompt, onSaved, onFailed, onClose }: { prompt: Prompt | null; onSaved: () => void; onFailed: () => void; onClose: () => void }) {
  const { busy, problem, at, gone, run } = useSubmitSaying(formSentenceOf('prompt'), ['name', 'text']);
  const changed = gone ? null : prompt;
  const draft = useFormDraft(`prompt-${prompt?.id ?? 'new'}`, { name: prompt?.name ?? '', text: prompt?.text ?? '' });
  const { values } = draft;
  const example = `{{${t`topic`}}}`; // braces have a meaning in a catalog
  const fields = fieldsOf(values.text).join(', ');

  async function submit(): Promise<void> {
    const name = values.name.trim().replace(/^\//, '');
    if (!(await run(() => savePrompt(changed, { name, text: values.text })))) {
      onFailed();
      return;
    }
    draft.saved(values);
    onSaved();
  }

  return (
    <FormSheet
      name="prompt"
      title={changed === null ? t`New prompt` : t`Edit ${`/${changed.name}`}`}
      action={gone ? t`Add as new` : changed === null ? t`Add` : t`Save`}
      busy={busy}
      problem={problem}
      draft={draft}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextField label={t`Name`} {...draft.field('name')} dir="ltr" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={longest.promptName + 1} pattern="/?[a-z0-9\-]+" title={t`Lowercase letters a–z, digits and hyphens.`} required autoFocus
        problem={at('name')} hint={t`Lowercase letters a–z, digits and hyphens.`} />
      <TextArea
        prose
        label={t`Text`}
        {...draft.field('text')}
        dir="auto"
        rows={8}
        maxLength={longest.prompt}
        required
        problem={at('text')}
        hint={t`Words in double braces, like ${example}, are asked for when the prompt is inserted.`}
      />
      {fields !== '' && <p role="status" dir="auto" className="text-xs text-soft wrap-anywhere">{t`Asks for: ${fields}`}</p>}
    </FormSheet>
  );
}
