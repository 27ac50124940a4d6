/** The assistants with which a chat can begin, and the assistant of each chat. */
import { create } from 'zustand';
import { readAssistants, type Assistant } from '../api/assistants';
import type { Choice } from '../api/models';
import { useAuth } from './auth';
import { whenOtherTabActs } from './otherTabs';

export interface AssistantStore {
  assistants: Assistant[];
  defaultId: string | null;
  /** The server has sent the list. */
  known: boolean;
}

const initial: AssistantStore = { assistants: [], defaultId: null, known: false };

export const useAssistants = create<AssistantStore>()(() => initial);

useAuth.subscribe(({ user }, before) => {
  if (user?.id !== before.user?.id) useAssistants.setState(initial, true);
});

whenOtherTabActs((_, { kind }) => {
  if (kind === 'assistants' && useAssistants.getState().known) void lookAtAssistants();
});

/** Reads the list again. */
export async function refreshAssistants(): Promise<void> {
  const reader = useAuth.getState().user?.id;
  const { assistants, defaultId = null } = await readAssistants();
  if (useAuth.getState().user?.id === reader) useAssistants.setState({ assistants, defaultId, known: true });
}

/** The same, but an existing list stays while the server is away. */
export async function lookAtAssistants(): Promise<void> {
  await refreshAssistants().catch(() => undefined);
}

/** The assistant of a new chat: the one picked for it (null for none), or the site's default; also the default if the picked one no longer exists. */
export function assistantOfNew(chatId: string, { picked }: { picked: Record<string, Choice> }, { assistants, defaultId, known }: AssistantStore): Assistant | null {
  const own = picked[chatId]?.assistant;
  const find = (id: string | null): Assistant | undefined => assistants.find((each) => each.id === id);
  // An outdated choice is no reason to refuse.
  return (known && own !== null && ((own !== undefined && find(own)) || find(defaultId))) || null;
}
