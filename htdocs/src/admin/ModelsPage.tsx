import { t } from '@lingui/core/macro';
import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { isGone } from '../api/problem';
import { Button } from '../controls/Button';
import { Notice } from '../controls/Notice';
import { newest } from '../fields/newest';
import { useKeptFocus } from '../hooks/useKeptFocus';
import { lookAtModels } from '../stores/models';
import { sayError } from '../stores/sayError';
import { removeModel, removeProvider, saveModel, saveProvider, type Provider, type SiteModel } from './api';
import { DefaultAssistant } from './DefaultAssistant';
import { ModelForm } from './ModelForm';
import { createModels, defaultOf, modelsOf, readModels, siteNames } from './models';
import { ProviderCard } from './ProviderCard';
import { ProviderForm } from './ProviderForm';
import { RemoveSheet } from './RemoveSheet';
import { adminSentenceOf, modelGone, providerGone } from './sentences';
import { TestSheet } from './TestSheet';

type Open =
  | { kind: 'provider'; provider: Provider | null }
  | { kind: 'model'; provider: Provider; model: SiteModel | null }
  | { kind: 'test'; model: SiteModel }
  | { kind: 'remove'; name: string; note: string; remove: () => Promise<void> };

/** Lists the providers, each with its models. */
export function ModelsPage() {
  const [store] = useState(createModels);
  const { phase, problem, providers, models } = useStore(store);
  const nameOf = siteNames({ providers, models });
  const [open, setOpen] = useState<Open | null>(null);
  /** An action of a menu that was refused: at which provider, and why. */
  const [refused, setRefused] = useState<{ at: string; why: string } | null>(null);
  const read = (): void => void readModels(store);
  useEffect(() => void readModels(store), [store]);
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box);

  /** After an action, successful or not, shows the present state here and in the picker. */
  const refresh = (): void => {
    read();
    void lookAtModels();
  };
  const close = (): void => {
    setOpen(null);
    setRefused(null);
    refresh();
  };
  /** A toast might go unread, so the error is shown at the provider, if that still exists. */
  const change = (at: string, work: Promise<void>, gone: () => string): void => {
    setRefused(null);
    const refuse = (error: unknown): void => (isGone(error) ? sayError(adminSentenceOf(error, gone)) : setRefused({ at, why: adminSentenceOf(error, gone) }));
    void work.catch(refuse).finally(refresh);
  };

  return (
    <div ref={box} className="grid gap-6">
      {phase === 'failed' && <Notice sentence={adminSentenceOf(problem)} onRetry={read} />}
      {phase === 'loading' && providers.length === 0 && <div className="h-40" />}
      {phase === 'ready' && providers.length === 0 && <p className="text-sm text-soft">{t`No provider is set up yet. Add one to begin.`}</p>}
      {providers.map((provider) => (
        <ProviderCard
          key={provider.id}
          provider={provider}
          models={modelsOf(provider, models)}
          nameOf={nameOf}
          site={defaultOf(models)}
          refused={refused?.at === provider.id ? refused.why : null}
          onEdit={() => setOpen({ kind: 'provider', provider })}
          onEnable={(enabled) => change(provider.id, saveProvider(provider, { enabled }), providerGone)}
          onRemove={() => setOpen({ kind: 'remove', name: provider.name, note: t`Its key is deleted, too.`, remove: () => removeProvider(provider) })}
          onAddModel={() => setOpen({ kind: 'model', provider, model: null })}
          onEditModel={(model) => setOpen({ kind: 'model', provider, model })}
          onChangeModel={(model, wish) => change(provider.id, saveModel(model, wish), modelGone)}
          onTestModel={(model) => setOpen({ kind: 'test', model })}
          onRemoveModel={(model) => setOpen({ kind: 'remove', name: nameOf(model), note: t`Existing chats are kept. Anyone who continues a chat with this model is asked to choose another one.`, remove: () => removeModel(model) })}
        />
      ))}
      {(phase === 'ready' || providers.length > 0) && (
        <Button data-instead className="justify-self-start pointer-coarse:h-11" onClick={() => setOpen({ kind: 'provider', provider: null })}>
          <Plus className="size-4" aria-hidden="true" />
          {t`Add provider`}
        </Button>
      )}
      {/* A user without the right to see the models gets one message only. */}
      {(phase === 'ready' || providers.length > 0) && <DefaultAssistant />}
      {open?.kind === 'provider' && <ProviderForm provider={newest(providers, open.provider)} onSaved={close} onFailed={refresh} onClose={close} />}
      {open?.kind === 'model' && (
        <ModelForm provider={open.provider} model={newest(models, open.model)} site={{ providers, models }} others={fallbacksOf(open.model, models)} onSaved={close} onFailed={refresh} onClose={close} />
      )}
      {open?.kind === 'test' && <TestSheet model={open.model} name={nameOf(open.model)} onClose={close} />}
      {open?.kind === 'remove' && <RemoveSheet name={open.name} note={open.note} remove={open.remove} onClose={close} />}
    </div>
  );
}

/** The possible fallbacks: the models that can be asked, and the present fallback. The model of the configuration file cannot be one. */
function fallbacksOf(model: SiteModel | null, models: readonly SiteModel[]): SiteModel[] {
  return models.filter(({ id, enabled, locked }) => !locked && id !== model?.id && (enabled || id === model?.fallbackId));
}
