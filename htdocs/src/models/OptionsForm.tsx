import { t } from '@lingui/core/macro';
import { useEffect, useId, useRef, type FormEvent } from 'react';
import { efforts, type ChatOptions, type Effort, type Model } from '../api/models';
import type { Conversation } from '../chat/conversation';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { TextField } from '../controls/TextField';
import { useSubmit } from '../hooks/useSubmit';
import { pickOptions } from '../stores/picking';
import { nameOfEffort } from './nameOfEffort';
import { Popup } from './Popup';
import { useChatModel } from './useChatModel';

/** How the model of this chat is asked. Only options that the model supports are offered. */
export function OptionsForm({ conversation, model, onClose }: { conversation: Conversation; model: Model | undefined; onClose: (back: boolean) => void }) {
  const { options } = useChatModel(conversation);
  const { busy, problem, at, run } = useSubmit('temperature', 'maxTokens');
  const typed = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const [thinks, tools] = [model?.abilities.reasoning === true, model?.abilities.tools === true];

  async function save(wish: ChatOptions): Promise<void> {
    typed.current = false;
    // What was changed during saving is not saved, so the form stays open.
    if ((await run(() => pickOptions(conversation, wish))) && !typed.current) onClose(true);
  }
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    void save(optionsIn(new FormData(event.currentTarget), { tools }));
  }

  return (
    <Popup title={t`Model options`} onClose={onClose}>
      <form ref={form} onSubmit={submit} onInput={() => (typed.current = true)} className="grid gap-4 overflow-y-auto p-4">
        <h2 className="font-semibold">{t`Options for this chat`}</h2>
        <TextField label={t`Temperature`} name="temperature" type="number" min={0} max={2} step="any" inputMode="decimal" defaultValue={options.temperature} problem={at('temperature')}
          hint={t`Lower is more factual, higher is more inventive. Leave empty for the model’s default.`} />
        <TextField label={t`Maximum reply length (tokens)`} name="maxTokens" type="number" min={1} max={100000000} inputMode="numeric" defaultValue={options.maxTokens} problem={at('maxTokens')} />
        {thinks && <EffortField value={options.effort} />}
        {tools && (
          <label className="flex min-h-11 cursor-pointer items-center gap-2.5">
            <input type="checkbox" name="tools" defaultChecked={options.tools !== false} className="size-4.5 accent-accent-fill" />
            {t`The model may use tools`}
          </label>
        )}
        {problem !== null && <Notice sentence={problem} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" className="pointer-coarse:h-11" disabled={busy} onClick={() => void save({})}>{t`Reset`}</Button>
          <Button type="submit" look="accent" className="pointer-coarse:h-11" disabled={busy}>{t`Save`}</Button>
        </div>
      </form>
    </Popup>
  );
}

function EffortField({ value }: { value: Effort | undefined }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="font-medium">{t`Thinking effort`}</label>
      <select id={id} name="effort" defaultValue={value ?? ''} className="h-11 w-full rounded-lg border border-line-strong bg-raised px-3 text-base outline-none focus:border-accent focus:ring-2 focus:ring-accent/25">
        <option value="">{t`Model default`}</option>
        {efforts.map((effort) => (
          <option key={effort} value={effort}>{nameOfEffort(effort)}</option>
        ))}
      </select>
    </div>
  );
}

function optionsIn(data: FormData, { tools }: { tools: boolean }): ChatOptions {
  const text = (name: string): string => String(data.get(name) ?? '').trim();
  return {
    ...(text('temperature') !== '' && { temperature: Number(text('temperature')) }),
    ...(text('maxTokens') !== '' && { maxTokens: Number(text('maxTokens')) }),
    ...(text('effort') !== '' && { effort: text('effort') as Effort }),
    ...(tools && data.get('tools') === null && { tools: false }),
  };
}
