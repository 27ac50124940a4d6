import type { ChatAssistant } from '../api/assistants';
import type { ChatOptions } from '../api/models';
import { useAssistants } from '../stores/assistants';
import { useAuth } from '../stores/auth';
import { assistantOf, modelOf, optionsOf, useLastModel, useModels, type Place } from '../stores/models';

/**
 * The model of the chat on screen, by its id (null if not known yet), its options, and its assistant. `changed`: it differs from the site's settings.
 */
export function useChatModel(place: Place): { id: string | null; options: ChatOptions; changed: boolean; assistant: ChatAssistant | null } {
  const userId = useAuth((state) => state.user?.id ?? '');
  const last = useLastModel((state) => state.models[userId]);
  const [models, assistants] = [useModels(), useAssistants()];
  const options = optionsOf(place, models, assistants);
  return {
    id: modelOf(place, models, last, assistants) ?? models.defaultId,
    options,
    changed: Object.keys(options).length > 0,
    assistant: assistantOf(place, models, assistants),
  };
}
