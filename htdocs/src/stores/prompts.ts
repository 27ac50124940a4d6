/** The prompts that can be called by name: one's own, and the published ones. Loaded only where they are called or written. */
import { create } from 'zustand';
import { readPrompts, type Prompt } from '../api/library';
import { useAuth } from './auth';
import { whenOtherTabActs } from './otherTabs';

interface PromptStore {
  /** null: not known yet. */
  prompts: Prompt[] | null;
}

export const usePrompts = create<PromptStore>()(() => ({ prompts: null }));

useAuth.subscribe(({ user }, before) => {
  if (user?.id !== before.user?.id) usePrompts.setState({ prompts: null });
});

whenOtherTabActs((_, { kind }) => {
  if (kind === 'prompts' && usePrompts.getState().prompts !== null) void refreshPrompts().catch(() => undefined);
});

/** Reads the list again. */
export async function refreshPrompts(): Promise<void> {
  const reader = useAuth.getState().user?.id;
  const prompts = await readPrompts();
  if (useAuth.getState().user?.id === reader) usePrompts.setState({ prompts });
}

/** My prompt and somebody else's may have the same name; mine goes first. */
export function promptsNamed(prompts: readonly Prompt[], start: string): Prompt[] {
  const wanted = start.toLowerCase();
  const rank = ({ name, mine }: Prompt): number => (name.startsWith(wanted) ? 0 : 2) + (mine ? 0 : 1);
  return prompts.filter(({ name }) => name.includes(wanted)).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
