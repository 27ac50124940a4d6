import { t } from '@lingui/core/macro';
import { longest, savePrompt, type Prompt } from '../api/library';
import { TextArea } from '../components/Fields';
import { FormSheet } from '../components/FormSheet';
import { TextField } from '../components/TextField';
import { useSubmitSaying } from '../hooks/useSubmit';
import { formSentenceOf } from './sentences';
import { useDraft } from './useDraft';
import { fieldsOf } from '../text/variables';

/** Adds a prompt, or changes one. `onFailed`: it may be another one now. */
export function PromptForm({ prompt, onSaved, onFailed, onClose }: { prompt: Prompt | null; onSaved: () => void; onFailed: () => void; onClose: () => void }) {
  const { busy, problem, at, gone, run } = useSubmitSaying(formSentenceOf('prompt'), ['name', 'text']);
  const changed = gone ? null : prompt;
  const draft = useDraft(`prompt-${prompt?.id ?? 'new'}`, prompt?.text ?? '');
  const example = `{{${t`topic`}}}`; // braces mean something in a catalog
  const fields = fieldsOf(draft.text).join(', ');

  async function submit(data: FormData): Promise<void> {
    const name = String(data.get('name')).trim().replace(/^\//, '');
    if (!(await run(() => savePrompt(changed, { name, text: draft.text })))) {
      onFailed();
      return;
    }
    draft.forget();
    onSaved();
  }

  return (
    <FormSheet
      name="prompt"
      title={changed === null ? t`New prompt` : t`Edit ${`/${changed.name}`}`}
      action={gone ? t`Add as new` : changed === null ? t`Add` : t`Save`}
      busy={busy}
      problem={problem}
      onSubmit={(data) => void submit(data)}
      onClose={onClose}
    >
      <TextField label={t`Name`} name="name" dir="ltr" autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={longest.promptName + 1} pattern="/?[a-z0-9\-]+" title={t`Lowercase letters a–z, digits and hyphens.`} required autoFocus
        defaultValue={prompt?.name} problem={at('name')} hint={t`Lowercase letters a–z, digits and hyphens.`} />
      <TextArea
        prose
        label={t`Text`}
        name="text"
        dir="auto"
        rows={8}
        maxLength={longest.prompt}
        required
        value={draft.text}
        onChange={(event) => draft.change(event.currentTarget.value)}
        problem={at('text')}
        hint={t`Words in double braces, like ${example}, are asked for when the prompt is inserted.`}
      />
      {fields !== '' && <p role="status" dir="auto" className="text-xs text-soft wrap-anywhere">{t`Asks for: ${fields}`}</p>}
    </FormSheet>
  );
}
