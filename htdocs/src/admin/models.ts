/** The providers and their models, as administrators see them. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { namesOf } from '../text/modelNames';
import { readProviders, readSiteModels, type Provider, type SiteModel } from './api';

export interface ModelsState {
  phase: 'loading' | 'ready' | 'failed';
  problem: unknown;
  providers: Provider[];
  models: SiteModel[];
}

type ModelsStore = StoreApi<ModelsState>;

export function createModels(): ModelsStore {
  return createStore(() => ({ phase: 'loading', problem: null, providers: [], models: [] }));
}

const readings = new WeakMap<ModelsStore, number>();

/** Of two concurrent reads the later one counts: it includes later changes. */
export async function readModels(store: ModelsStore): Promise<void> {
  const reading = (readings.get(store) ?? 0) + 1;
  readings.set(store, reading);
  try {
    const [providers, models] = await Promise.all([readProviders(), readSiteModels()]);
    if (readings.get(store) === reading) store.setState({ phase: 'ready', problem: null, providers, models });
  } catch (problem) {
    if (readings.get(store) === reading) store.setState({ phase: 'failed', problem });
  }
}

type Labelled = Pick<SiteModel, 'id' | 'label' | 'providerId'>;

/** The display name of each. */
export function siteNames({ providers, models }: { providers: Provider[]; models: Labelled[] }): (model: Pick<Labelled, 'id' | 'label'>) => string {
  const names = namesOf(models.map(({ id, label, providerId }) => ({ id, label, provider: providers.find((each) => each.id === providerId)?.name ?? '' })));
  return ({ id, label }) => names.get(id) ?? label;
}

/** The model for new chats. `fixed`: the server's configuration decides, whatever is chosen here. */
export interface SiteDefault {
  defaultId: string | null;
  fixed: boolean;
}

export function defaultOf(models: readonly SiteModel[]): SiteDefault {
  const fixed = models.find(({ locked }) => locked);
  return { defaultId: (fixed ?? models.find(({ isDefault }) => isDefault))?.id ?? null, fixed: fixed !== undefined };
}

/** In the order in which they are offered. */
export function modelsOf(provider: Provider, models: readonly SiteModel[]): SiteModel[] {
  return models
    .filter(({ providerId }) => providerId === provider.id)
    .sort((a, b) => a.position - b.position || a.label.localeCompare(b.label));
}
