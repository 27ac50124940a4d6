import { t } from '@lingui/core/macro';
import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Assistant } from '../api/assistants';
import { removeAssistant, saveAssistant } from '../api/library';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { newest } from '../fields/newest';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { refreshAssistants, useAssistants } from '../stores/assistants';
import { tellOtherTabs } from '../stores/otherTabs';
import { sayError } from '../stores/sayError';
import { assistantNamesOf } from '../text/modelNames';
import { AssistantForm } from './AssistantForm';
import { AssistantLine } from './AssistantLine';
import { DeleteSheet } from './DeleteSheet';
import { ownFirst } from './ownFirst';
import { librarySentenceOf } from './sentences';

type Open = { kind: 'form'; assistant: Assistant | null } | { kind: 'delete'; assistant: Assistant };

export function AssistantsPage() {
  const { assistants, defaultId, known } = useAssistants();
  const [problem, setProblem] = useState<unknown>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const read = (): void => void refreshAssistants().then(() => setProblem(null), setProblem);
  useEffect(read, []);
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);

  const names = assistantNamesOf(assistants);
  const changed = (): void => {
    read();
    tellOtherTabs('', { kind: 'assistants' });
  };
  const close = (): void => {
    setOpen(null);
    changed();
  };
  const publish = (assistant: Assistant, published: boolean): void =>
    void saveAssistant(assistant, { published }).catch((error: unknown) => sayError(librarySentenceOf(error, 'assistant'))).finally(changed);

  return (
    <div ref={box} className="grid gap-6">
      <p className="text-sm text-soft">{t`An assistant has its own instructions, and can have its own model, options and tools. Choose it when you start a chat.`}</p>
      {problem !== null && <Notice sentence={librarySentenceOf(problem)} onRetry={read} />}
      {known && assistants.every(({ mine }) => !mine) && <p className="text-sm text-soft">{t`You have no assistants yet.`}</p>}
      {ownFirst(assistants, t`Your assistants`, t`For everyone on this server`).map(([name, items]) => (
        <section key={name} aria-label={name}>
          <h2 className="border-b border-line pb-2 font-semibold">{name}</h2>
          <ul aria-label={name} className="divide-y divide-line">
            {items.map((assistant) => (
              <AssistantLine
                key={assistant.id}
                assistant={assistant}
                name={names.get(assistant.id) ?? assistant.name}
                isDefault={assistant.id === defaultId}
                onEdit={() => setOpen({ kind: 'form', assistant })}
                onPublish={(published) => publish(assistant, published)}
                onDelete={() => setOpen({ kind: 'delete', assistant })}
              />
            ))}
          </ul>
        </section>
      ))}
      <Button data-instead className="justify-self-start pointer-coarse:h-11" onClick={() => setOpen({ kind: 'form', assistant: null })}>
        <Plus className="size-4" aria-hidden="true" />
        {t`Add assistant`}
      </Button>
      {open?.kind === 'form' && <AssistantForm assistant={newest(assistants, open.assistant)} onSaved={close} onFailed={read} onClose={close} />}
      {open?.kind === 'delete' && (
        <DeleteSheet name={names.get(open.assistant.id) ?? open.assistant.name} note={t`Chats that were started with it are kept and go on with it.`} remove={() => removeAssistant(open.assistant.id)} onClose={close} />
      )}
    </div>
  );
}
