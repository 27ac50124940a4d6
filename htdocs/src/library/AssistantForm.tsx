import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import type { Assistant } from '../api/assistants';
import { longest, readAssistantText, saveAssistant, type AssistantWish } from '../api/library';
import { isGone } from '../api/problem';
import { More, TextArea } from '../controls/Fields';
import { FormSheet } from '../controls/FormSheet';
import { Notice } from '../controls/Notice';
import { Sheet } from '../controls/Sheet';
import { TextField } from '../controls/TextField';
import { textIn } from '../fields/entered';
import { useFormDraft } from '../hooks/useFormDraft';
import { useSubmitSaying } from '../hooks/useSubmit';
import { isolated } from '../text/isolated';
import { InstructionsField } from './InstructionsField';
import { optionFields, optionsIn, OptionFields, type OptionTexts } from './OptionFields';
import { formSentenceOf, librarySentenceOf } from './sentences';
import { startersIn, startersProblem } from './starters';
import { toolsIn, ToolFields } from './ToolFields';

type AssistantFields = OptionTexts & Record<'name' | 'icon' | 'description' | 'instructions' | 'starters' | 'tools', string>;

interface Props {
  /** null for a new one. */
  assistant: Assistant | null;
  onSaved: () => void;
  /** It may have been changed by somebody else. */
  onFailed: () => void;
  onClose: () => void;
}

/** Adds an assistant, or changes one. The list does not contain its instructions, so they are read first. */
export function AssistantForm(props: Props) {
  const { assistant, onClose } = props;
  const [text, setText] = useState<string | null>(assistant === null ? '' : null);
  const [failed, setFailed] = useState<unknown>(null);
  const id = assistant?.id;
  const read = (): void => {
    setFailed(null);
    if (id !== undefined) readAssistantText(id).then(setText, setFailed);
  };
  useEffect(read, [id]);
  if (text !== null) return <Form {...props} stored={text} />;
  return (
    <Sheet title={t`Edit ${assistant?.name ?? ''}`} name="assistant" width="w-[min(34rem,calc(100vw-2rem))]" onClose={onClose}>
      {failed === null ? <div className="h-72" /> : <Notice sentence={librarySentenceOf(failed, 'assistant')} onRetry={isGone(failed) ? null : read} />}
    </Sheet>
  );
}

function Form({ assistant, stored, onSaved, onFailed, onClose }: Props & { stored: string }) {
  const { busy, problem, at, gone, run } = useSubmitSaying(formSentenceOf('assistant'), ['name', 'icon', 'description', 'instructions', 'temperature', 'maxTokens', 'starters']);
  const changed = gone ? null : assistant;
  const draft = useFormDraft(`assistant-${assistant?.id ?? 'new'}`, fieldsOf(assistant, stored));
  const { values } = draft;
  const [oddStarters, setOddStarters] = useState<string | null>(null);

  async function submit(data: FormData): Promise<void> {
    const starters = startersIn(data);
    const odd = startersProblem(starters);
    setOddStarters(odd);
    if (odd !== null) return;
    const wish: AssistantWish = {
      name: textIn(data, 'name') ?? '',
      icon: textIn(data, 'icon') ?? '',
      description: textIn(data, 'description') ?? '',
      instructions: values.instructions,
      modelId: textIn(data, 'modelId'),
      options: optionsIn(data, assistant?.options ?? null),
      tools: toolsIn(values.tools),
      starters,
    };
    if (!(await run(() => saveAssistant(changed, wish)))) {
      onFailed();
      return;
    }
    draft.saved(values);
    onSaved();
  }

  return (
    <FormSheet
      name="assistant"
      title={changed === null ? t`New assistant` : t`Edit ${isolated(changed.name)}`}
      action={gone ? t`Add as new` : changed === null ? t`Add` : t`Save`}
      busy={busy}
      problem={problem}
      draft={draft}
      onSubmit={(data) => void submit(data)}
      onClose={onClose}
    >
      <div className="grid grid-cols-[5rem_1fr] gap-3">
        <TextField label={t`Icon`} {...draft.field('icon')} autoComplete="off" maxLength={longest.icon} placeholder="💡" problem={at('icon')} />
        <TextField label={t`Name`} {...draft.field('name')} dir="auto" autoComplete="off" maxLength={longest.name} required autoFocus problem={at('name')} />
      </div>
      <TextField label={t`Description`} {...draft.field('description')} dir="auto" autoComplete="off" maxLength={longest.description} problem={at('description')} />
      <InstructionsField text={values.instructions} onChange={(instructions) => draft.change({ instructions })} problem={at('instructions')} />
      <TextArea
        prose
        label={t`Conversation starters`}
        {...draft.field('starters')}
        dir="auto"
        problem={oddStarters ?? at('starters')}
        hint={t`One per line. They are offered as buttons in a new chat.`}
      />
      <More summary={t`Model, options and tools`}>
        <OptionFields draft={draft} at={at} />
        <ToolFields tools={toolsIn(values.tools)} before={assistant?.tools ?? null} onChange={(tools) => draft.change({ tools: JSON.stringify(tools) })} />
      </More>
    </FormSheet>
  );
}

/** The initial values of the fields. */
function fieldsOf(assistant: Assistant | null, instructions: string): AssistantFields {
  return {
    name: assistant?.name ?? '',
    icon: assistant?.icon ?? '',
    description: assistant?.description ?? '',
    instructions,
    starters: assistant?.starters.join('\n') ?? '',
    tools: JSON.stringify(assistant?.tools ?? null),
    ...optionFields(assistant),
  };
}
