import { t } from '@lingui/core/macro';
import type { Assistant } from '../api/assistants';
import { later } from '../controls/later';
import { Logo } from '../controls/Logo';
import { Notice } from '../controls/Notice';
import { assistantOfNew, useAssistants } from '../stores/assistants';
import { useModels } from '../stores/models';
import { Suggestions } from './Suggestions';
import { TemporarySwitch } from './TemporarySwitch';
import { useSuggestions } from './useSuggestions';

interface Props {
  /** The page's id for the chat. */
  chatId: string;
  username: string;
  onPick: (text: string) => void;
}

const AssistantWelcome = later<{ assistant: Assistant; onPick: Props['onPick'] }>(async () => (await import('./AssistantWelcome')).AssistantWelcome, () => null);

/** The empty page of a new session. */
export function Welcome({ chatId, username, onPick }: Props) {
  const [models, assistants] = [useModels(), useAssistants()];
  const suggestions = useSuggestions();
  const assistant = assistantOfNew(chatId, models, assistants);
  const own = models.picked[chatId]?.assistant;
  const lost = assistants.known && own != null && own !== assistant?.id;
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4">
      <div className="m-auto flex w-full max-w-2xl flex-col items-center gap-6 py-10 text-center">
        {lost && <Notice calm sentence={t`This assistant is no longer available.`} />}
        {models.misled === chatId && <Notice calm sentence={t`The model in this link isn’t available. Your usual one answers instead.`} />}
        {assistant !== null ? (
          <AssistantWelcome assistant={assistant} onPick={onPick} />
        ) : (
          <>
            <Logo className="size-16" />
            <h2 className="font-serif text-3xl tracking-tight text-balance wrap-anywhere">
              {greeting(new Date().getHours(), username)}
            </h2>
            <Suggestions texts={suggestions} onPick={onPick} />
          </>
        )}
        <TemporarySwitch chatId={chatId} />
      </div>
    </div>
  );
}

/** These are whole sentences, because each language has its own comma. */
function greeting(hour: number, username: string): string {
  if (hour >= 5 && hour < 12) return t`Good morning, ${username}`;
  return hour >= 12 && hour < 18 ? t`Good afternoon, ${username}` : t`Good evening, ${username}`;
}
