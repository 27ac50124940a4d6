/** The models that can be asked, and the model of each chat. */
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import type { ChatAssistant } from '../api/assistants';
import { readModels, type ChatOptions, type Choice, type Model } from '../api/models';
import { readSession, type Session } from '../api/sessions';
import { assistantOfNew, useAssistants, type AssistantStore } from './assistants';
import { useAuth } from './auth';

/** What a model is picked for: for a chat from now on, or for another reply in place of this one. Without `byHand`, the page asks for it. */
export type Picking = { kind: 'chat'; byHand?: true } | { kind: 'reply'; messageId: string };

/** A chat: its session, or, while it has none, the page's id for it. */
export interface Place {
  sessionId: string | null;
  chat: { id: string };
}

type Remembered = Required<Pick<Session, 'model' | 'options'>> & Pick<Session, 'assistant'>;

interface ModelStore {
  /** Empty until they are known. */
  models: Model[];
  defaultId: string | null;
  /** The picker is open. */
  picking: Picking | null;
  /** What the server remembers of sessions, as far as it was read; their list does not contain it. */
  known: Record<string, Remembered>;
  /** What was picked and the server may not have yet: by session, or by the page's id of a new chat. */
  picked: Record<string, Choice>;
  /** The new chat whose link named a model that does not exist, by the page's id for it. */
  misled: string | null;
}

const initial: ModelStore = { models: [], defaultId: null, picking: null, known: {}, picked: {}, misled: null };

export const useModels = create<ModelStore>()(() => initial);

/** The model that each user of this browser has picked last: new chats begin with it. */
export const useLastModel = create<{ models: Record<string, string> }>()(
  persist((): { models: Record<string, string> } => ({ models: {} }), {
    name: 'lamplight.model',
    storage: createJSONStorage(() => localStorage),
  }),
);

useAuth.subscribe(({ user }, before) => {
  if (user?.id !== before.user?.id) useModels.setState(initial, true);
});

/** Takes the server's data of a session. What the server remembers need not be remembered here, because another device may change it. */
export function learnChoice({ id, model, options = null, assistant = null }: Session): void {
  if (model === undefined) return; // from a list
  const { known, picked, defaultId } = useModels.getState();
  const { [id]: choice, ...others } = picked;
  const has = choice === undefined || isRemembered(choice, { model: model ?? defaultId, options });
  useModels.setState({ known: { ...known, [id]: { model, options, assistant } }, ...(has && { picked: others }) });
}

/** Reads it, even if it is known: another device may have changed it. */
export async function lookAtChoice(sessionId: string): Promise<void> {
  const reader = useAuth.getState().user?.id;
  const session = await readSession(sessionId).catch(() => null);
  if (session !== null && useAuth.getState().user?.id === reader) learnChoice(session);
}

function isRemembered({ model, options }: Choice, now: Remembered): boolean {
  return (model === undefined || model === now.model) && (options === undefined || sameOptions(options, now.options ?? {}));
}

/** Deletes everything of a user, whose account is deleted. */
export function forgetLastModel(userId: string): void {
  useLastModel.setState(({ models: { [userId]: _, ...others } }) => ({ models: others }));
}

/** Reads the list again. An existing list stays while the server is away. */
export async function lookAtModels(): Promise<void> {
  const reader = useAuth.getState().user?.id;
  const list = await readModels().catch(() => null);
  if (list === null || useAuth.getState().user?.id !== reader) return;
  useModels.setState({ models: list.models, defaultId: list.defaultId });
}

/** Opens the picker, with the present models; null closes it. */
export function offerModels(picking: Picking | null): void {
  useModels.setState({ picking });
  if (picking !== null) void lookAtModels();
}

/** From now on this new chat begins with this assistant (null for none), unchanged. */
export function pickAssistant({ chat }: Place, assistant: string | null): void {
  useModels.setState(({ picked }) => ({ picked: { ...picked, [chat.id]: { ...temporaryIn(picked[chat.id]), assistant } } }));
}

/** Makes the new chat with this id temporary, or not. */
export function pickTemporary(chatId: string, temporary: boolean): void {
  useModels.setState(({ picked }) => {
    const { temporary: _, ...others } = picked[chatId] ?? {};
    return { picked: { ...picked, [chatId]: temporary ? { ...others, temporary } : others } };
  });
}

function temporaryIn(choice: Choice | undefined): Choice {
  return choice?.temporary === true ? { temporary: true } : {};
}

/** A link names this model for a new chat: it is asked, if it exists. */
export async function followModelLink({ chat }: Place, model: string): Promise<void> {
  await lookAtModels();
  const { models, picked } = useModels.getState();
  if (models.some(({ id }) => id === model)) useModels.setState({ picked: { ...picked, [chat.id]: { model, ...picked[chat.id] } } });
  else if (models.length > 0) useModels.setState({ misled: chat.id });
}

/** The assistant of a chat; null if it has none, or if it is not known yet. */
export function assistantOf({ sessionId, chat }: Place, models: ModelStore, assistants: AssistantStore): ChatAssistant | null {
  return sessionId === null ? assistantOfNew(chat.id, models, assistants) : (models.known[sessionId]?.assistant ?? null);
}

/** The model that this chat asks, even if it no longer exists; null for the default, or if it is not known. */
export function modelOf({ sessionId, chat }: Place, store: ModelStore, last: string | undefined, assistants = useAssistants.getState()): string | null {
  const own = store.picked[sessionId ?? chat.id]?.model;
  if (own !== undefined) return own;
  if (sessionId !== null) return store.known[sessionId]?.model ?? null;
  const { models } = store;
  // A habit is not worth a refusal.
  return assistantOfNew(chat.id, store, assistants)?.modelId ?? (last !== undefined && (models.length === 0 || models.some(({ id }) => id === last)) ? last : null);
}

/** How this chat asks its model; a missing member has the site's value. */
export function optionsOf({ sessionId, chat }: Place, store: Pick<ModelStore, 'known' | 'picked'>, assistants = useAssistants.getState()): ChatOptions {
  const begun = sessionId === null ? assistantOfNew(chat.id, store, assistants) : store.known[sessionId];
  return store.picked[sessionId ?? chat.id]?.options ?? begun?.options ?? {};
}

/**
 * What is sent with a question in this chat: what was picked. What the server remembers is not sent, because another device may have picked since.
 */
export function choiceOf(place: Place): Choice {
  const { sessionId, chat } = place;
  const store = useModels.getState();
  const { assistant: picked, ...own } = store.picked[sessionId ?? chat.id] ?? {};
  if (sessionId !== null) return own;
  const begun = assistantOfNew(chat.id, store, useAssistants.getState());
  const assistant = begun?.id ?? (useAssistants.getState().known ? null : picked);
  // The server knows an assistant's model.
  const model = begun?.modelId == null ? modelOf(place, store, lastOf(useAuth.getState().user?.id)) : null;
  return { ...(model !== null && { model }), ...own, ...(assistant != null && { assistant }) };
}

/** A new chat has become a session with these choices. */
export function becameSession(chatId: string, sessionId: string): void {
  const store = useModels.getState();
  const assistant = assistantOfNew(chatId, store, useAssistants.getState());
  const { assistant: _, temporary: ___, ...begun } = choiceOf({ sessionId: null, chat: { id: chatId } });
  const { [chatId]: own = {}, ...others } = store.picked;
  const { assistant: __, temporary: ____, ...picked } = own;
  const remembered = { model: assistant?.modelId ?? null, options: assistant?.options ?? null, ...begun, assistant };
  useModels.setState({ known: { ...store.known, [sessionId]: remembered }, picked: { ...others, [sessionId]: picked } });
}

function sameOptions(a: ChatOptions, b: ChatOptions): boolean {
  return (['temperature', 'maxTokens', 'effort', 'tools'] as const).every((name) => a[name] === b[name]);
}

function lastOf(userId: string | undefined): string | undefined {
  return userId === undefined ? undefined : useLastModel.getState().models[userId];
}
