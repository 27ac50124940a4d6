/** The assistants that a chat can be begun with, and which one each chat has. */
import { create } from 'zustand';
import { readAssistants, type Assistant } from '../api/assistants';
import type { Choice } from '../api/models';
import { useAuth } from './auth';
import { whenOtherTabActs } from './otherTabs';

export interface AssistantStore {
  assistants: Assistant[];
  defaultId: string | null;
  /** The server has said which there are. */
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

/** The same; a list that is there stays when the server is away. */
export async function lookAtAssistants(): Promise<void> {
  await refreshAssistants().catch(() => undefined);
}

/** What a new chat begins with: what was picked for it (null: nothing), or what the site begins with; that, too, where what was picked is not there. */
export function assistantOfNew(chatId: string, { picked }: { picked: Record<string, Choice> }, { assistants, defaultId, known }: AssistantStore): Assistant | null {
  const own = picked[chatId]?.assistant;
  const find = (id: string | null): Assistant | undefined => assistants.find((each) => each.id === id);
  // Nobody is refused because of what was there once.
  return (known && own !== null && ((own !== undefined && find(own)) || find(defaultId))) || null;
}
