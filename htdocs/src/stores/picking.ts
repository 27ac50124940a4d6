/** Picks models and options for a chat; loaded only where there is something to pick from. */
import type { ChatOptions, Choice } from '../api/models';
import { ApiError } from '../api/problem';
import { changeSession } from '../api/sessions';
import { useAuth } from './auth';
import { tellOtherTabs } from './otherTabs';
import { learnChoice, useLastModel, useModels, type Place } from './models';

/** From now on this chat asks this model, and so do new chats for which none is picked. */
export async function pickModel({ sessionId, chat }: Place, model: string): Promise<void> {
  const userId = useAuth.getState().user?.id;
  if (userId !== undefined) useLastModel.setState(({ models }) => ({ models: { ...models, [userId]: model } }));
  if (sessionId === null) keep(chat.id, { model });
  else await choose(sessionId, { model });
}

/** From now on this chat uses these options. */
export async function pickOptions({ sessionId, chat }: Place, options: ChatOptions): Promise<void> {
  if (sessionId === null) keep(chat.id, { options });
  else await choose(sessionId, { options });
}

/** The server remembers which model answered last, and so does this page. */
export function askedAgain({ sessionId }: Place, model: string): void {
  if (sessionId !== null) keep(sessionId, { model });
}

function keep(place: string, choice: Choice): Choice {
  const { picked } = useModels.getState();
  const kept = { ...picked[place], ...choice };
  useModels.setState({ picked: { ...picked, [place]: kept } });
  return kept;
}

/** What the server cannot be sent now goes with the next question; what it refuses was never chosen. */
async function choose(sessionId: string, choice: Choice): Promise<void> {
  const before = useModels.getState().picked[sessionId] ?? {};
  const kept = keep(sessionId, choice);
  try {
    const session = await changeSession(sessionId, choice);
    const { [sessionId]: now, ...others } = useModels.getState().picked;
    if (now === kept) useModels.setState({ picked: others }); // otherwise it was changed again
    learnChoice(session);
    tellOtherTabs(sessionId, { kind: 'choice' });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) return;
    useModels.setState(({ picked: { [sessionId]: _, ...others } }) => ({ picked: { ...others, [sessionId]: before } }));
    throw error;
  }
}
