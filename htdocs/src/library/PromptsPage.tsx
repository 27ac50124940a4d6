import { t } from '@lingui/core/macro';
import { Globe, GlobeLock, Pencil, Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { removePrompt, savePrompt, type Prompt } from '../api/library';
import { Badge } from '../controls/Badge';
import { Button } from '../controls/Button';
import { MenuItem } from '../controls/Menu';
import { Notice } from '../controls/Notice';
import { newest } from '../fields/newest';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { tellOtherTabs } from '../stores/otherTabs';
import { refreshPrompts, usePrompts } from '../stores/prompts';
import { useRole } from '../stores/role';
import { sayError } from '../stores/sayError';
import { DeleteSheet } from './DeleteSheet';
import { LineMenu } from './LineMenu';
import { ownFirst } from './ownFirst';
import { PromptForm } from './PromptForm';
import { librarySentenceOf } from './sentences';

type Open = { kind: 'form'; prompt: Prompt | null } | { kind: 'delete'; prompt: Prompt };

export function PromptsPage() {
  const prompts = usePrompts((state) => state.prompts);
  const [problem, setProblem] = useState<unknown>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const read = (): void => void refreshPrompts().then(() => setProblem(null), setProblem);
  useEffect(read, []);
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);

  const changed = (): void => {
    read();
    tellOtherTabs('', { kind: 'prompts' });
  };
  const close = (): void => {
    setOpen(null);
    changed();
  };
  const publish = (prompt: Prompt, published: boolean): void =>
    void savePrompt(prompt, { published }).catch((error: unknown) => sayError(librarySentenceOf(error, 'prompt'))).finally(changed);

  return (
    <div ref={box} className="grid gap-6">
      <p className="text-sm text-soft">{t`A prompt is a text that you often need. Type a slash and its name at the start of a message to insert it.`}</p>
      {problem !== null && <Notice sentence={librarySentenceOf(problem)} onRetry={read} />}
      {prompts?.every(({ mine }) => !mine) === true && <p className="text-sm text-soft">{t`You have no prompts yet.`}</p>}
      {ownFirst(prompts ?? [], t`Your prompts`, t`For everyone on this server`).map(([name, items]) => (
        <section key={name} aria-label={name}>
          <h2 className="border-b border-line pb-2 font-semibold">{name}</h2>
          <ul aria-label={name} className="divide-y divide-line">
            {items.map((prompt) => (
              <PromptLine
                key={prompt.id}
                prompt={prompt}
                onEdit={() => setOpen({ kind: 'form', prompt })}
                onPublish={(published) => publish(prompt, published)}
                onDelete={() => setOpen({ kind: 'delete', prompt })}
              />
            ))}
          </ul>
        </section>
      ))}
      <Button data-instead className="justify-self-start pointer-coarse:h-11" onClick={() => setOpen({ kind: 'form', prompt: null })}>
        <Plus className="size-4" aria-hidden="true" />
        {t`Add prompt`}
      </Button>
      {open?.kind === 'form' && <PromptForm prompt={newest(prompts ?? [], open.prompt)} onSaved={close} onFailed={read} onClose={close} />}
      {open?.kind === 'delete' && (
        <DeleteSheet name={`/${open.prompt.name}`} note={t`Messages that were written with it stay as they are.`} remove={() => removePrompt(open.prompt.id)} onClose={close} />
      )}
    </div>
  );
}

function PromptLine({ prompt, onEdit, onPublish, onDelete }: { prompt: Prompt; onEdit: () => void; onPublish: (published: boolean) => void; onDelete: () => void }) {
  const { name, text, mine, published } = prompt;
  const admin = useRole((state) => state.admin);
  const changeable = mine || (admin && published);
  return (
    <li data-key={prompt.id} className="flex items-center gap-3 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          <span dir="ltr" className="wrap-anywhere">/{name}</span>
          {mine && published && <Badge>{t`published`}</Badge>}
        </p>
        <p dir="auto" className="line-clamp-2 text-xs text-soft wrap-anywhere">{text}</p>
      </div>
      {changeable && (
        <LineMenu name={`/${name}`}>
          {mine && <MenuItem icon={Pencil} onSelect={onEdit}>{t`Edit`}</MenuItem>}
          {admin && mine && !published && <MenuItem icon={Globe} onSelect={() => onPublish(true)}>{t`Publish for everyone`}</MenuItem>}
          {admin && published && <MenuItem icon={GlobeLock} onSelect={() => onPublish(false)}>{t`Stop publishing`}</MenuItem>}
          {mine && <MenuItem icon={Trash2} danger onSelect={onDelete}>{t`Delete`}</MenuItem>}
        </LineMenu>
      )}
    </li>
  );
}
