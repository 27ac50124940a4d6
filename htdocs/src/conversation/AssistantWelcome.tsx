import type { Assistant } from '../api/assistants';
import { AssistantIcon } from '../models/AssistantIcon';
import { Suggestions } from './Suggestions';

/** The empty page of a new chat with an assistant. */
export function AssistantWelcome({ assistant, onPick }: { assistant: Assistant; onPick: (text: string) => void }) {
  const { icon, name, description, starters } = assistant;
  return (
    <>
      <AssistantIcon icon={icon} size="size-16 text-6xl" />
      <div className="grid gap-2">
        <h2 dir="auto" className="text-center font-serif text-3xl tracking-tight text-balance wrap-anywhere">{name}</h2>
        {description !== '' && <p dir="auto" className="text-center text-soft text-balance wrap-anywhere">{description}</p>}
      </div>
      <Suggestions texts={starters} onPick={onPick} />
    </>
  );
}
