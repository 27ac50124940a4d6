import type { ChatOptions } from '../api/models';
import { useAuth } from '../stores/auth';
import { modelOf, optionsOf, useLastModel, useModels, type Place } from '../stores/models';

/** Which model the chat on screen asks, by its id (null: it is not known yet), and how. `changed`: not as the site has it. */
export function useChatModel(place: Place): { id: string | null; options: ChatOptions; changed: boolean } {
  const userId = useAuth((state) => state.user?.id ?? '');
  const last = useLastModel((state) => state.models[userId]);
  const id = useModels((state) => modelOf(place, state, last) ?? state.defaultId);
  const { known, picked } = useModels();
  const options = optionsOf(place, { known, picked });
  return { id, options, changed: Object.keys(options).length > 0 };
}
