import { isolated } from './isolated';

/** An object with a display name of its own. */
export interface Named {
  id: string;
  label: string;
  /** The provider's name. */
  provider: string;
}

const made = new WeakMap<readonly Named[], ReadonlyMap<string, string>>();

/**
 * A model's name is its label; if several have the same label, also its provider; if these are the same, too, also a number. All names are unique.
 */
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

/** An assistant's name; if several have the same one, also a number. */
export function assistantNamesOf(assistants: readonly { id: string; name: string }[]): ReadonlyMap<string, string> {
  return named(assistants.map(({ id, name }) => [id, name] as const), (name, _, n) => `${isolated(name)} (${n})`);
}

function named(names: Name[], rename: Rename): Map<string, string> {
  const inOrder = [...names].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)); // of ids: older objects keep their number
  return new Map(apart(apart(inOrder, rename), (name, _, n) => name.replace(/\)?$/, `, ${n})`)));
}

type Rename = (name: string, id: string, n: number) => string;
type Name = readonly [id: string, name: string];

/** Renames those with the same name; `n` counts them, from 1. */
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

/** The model that made a reply: its name in the list, or, if it is no longer there, its name at its provider. */
export function nameOfMaker({ model, modelId = '' }: { model?: string; modelId?: string }, models: readonly Named[]): string | undefined {
  return namesOf(models).get(modelId) ?? model;
}
