import { t } from '@lingui/core/macro';
import { useModels } from '../stores/models';

/** Shown in the bar above a chat that began with an assistant. */
export function AssistantSign({ sessionId }: { sessionId: string }) {
  const assistant = useModels((state) => state.known[sessionId]?.assistant);
  if (assistant == null) return null;
  return (
    <span title={assistant.name} className="flex max-w-48 min-w-0 shrink-0 gap-1 rounded-full bg-glow px-2 py-0.5 text-xs">
      <span className="sr-only">{t`Assistant:`}&nbsp;</span>
      {assistant.icon !== '' && <span aria-hidden="true">{assistant.icon}</span>}
      <span dir="auto" className={`truncate ${assistant.icon === '' ? '' : 'max-sm:sr-only'}`}>{assistant.name}</span>
    </span>
  );
}
