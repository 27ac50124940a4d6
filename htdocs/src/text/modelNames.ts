import { isolated } from './isolated';

/** What is called so where it stands by itself. */
export interface Named {
  id: string;
  label: string;
  /** The provider's name. */
  provider: string;
}

const made = new WeakMap<readonly Named[], ReadonlyMap<string, string>>();

/** A model is called by its label; by its provider as well where several have that, and by a number where they have both. No two have one name. */
export function namesOf(models: readonly Named[]): ReadonlyMap<string, string> {
  let names = made.get(models);
  if (names === undefined) {
    const labels = models.map(({ id, label }) => [id, label] as const);
    const providers = new Map(models.map(({ id, provider }) => [id, provider]));
    names = named(labels, (name, id) => `${name} (${isolated(providers.get(id) ?? '', name)})`);
    made.set(models, names);
  }
  return names;
}

/** Assistants are called by their names, and by a number as well where several have that. */
export function assistantNamesOf(assistants: readonly { id: string; name: string }[]): ReadonlyMap<string, string> {
  return named(assistants.map(({ id, name }) => [id, name] as const), (name, _, n) => `${isolated(name)} (${n})`);
}

function named(names: Name[], rename: Rename): Map<string, string> {
  const inOrder = [...names].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)); // of ids: who was there first keeps its number
  return new Map(apart(apart(inOrder, rename), (name, _, n) => name.replace(/\)?$/, `, ${n})`)));
}

type Rename = (name: string, id: string, n: number) => string;
type Name = readonly [id: string, name: string];

/** Those that have the same name get another one; `n` counts them, from 1. */
function apart(names: readonly Name[], rename: Rename): Name[] {
  const counts = new Map<string, number>();
  for (const [, name] of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return names.map(([id, name]) => {
    const n = (seen.get(name) ?? 0) + 1;
    seen.set(name, n);
    return [id, counts.get(name) === 1 ? name : rename(name, id, n)];
  });
}

/** Who made a reply: as the list calls it, or, where that knows it no more, as its provider does. */
export function nameOfMaker({ model, modelId = '' }: { model?: string; modelId?: string }, models: readonly Named[]): string | undefined {
  return namesOf(models).get(modelId) ?? model;
}
