/** The models that can be asked, and which one each chat asks. */
import { create } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { readModels, type ChatOptions, type Choice, type Model } from '../api/models';
import { readSession, type Session } from '../api/sessions';
import { useAuth } from './auth';

/** What a model is picked for: what is asked in a chat from now on, or another reply in place of this one. Not `byHand`: the page asks for it. */
export type Picking = { kind: 'chat'; byHand?: true } | { kind: 'reply'; messageId: string };

/** A chat: its session, or while it has none the page's name for it. */
export interface Place {
  sessionId: string | null;
  chat: { id: string };
}

type Remembered = Required<Pick<Session, 'model' | 'options'>>;

export interface ModelStore {
  /** Empty until they are known. */
  models: Model[];
  defaultId: string | null;
  /** The picker is open. */
  picking: Picking | null;
  /** What the server remembers of sessions, as far as it was read: their list does not say it. */
  known: Record<string, Remembered>;
  /** What was picked and the server may not have yet: by session, or by the page's name of a chat that is new. */
  picked: Record<string, Choice>;
}

const initial: ModelStore = { models: [], defaultId: null, picking: null, known: {}, picked: {} };

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

/** What the server says of a session. What it remembers need not be remembered here: another device may change it. */
export function learnChoice({ id, model, options = null }: Session): void {
  if (model === undefined) return; // of a list
  const { known, picked, defaultId } = useModels.getState();
  const { [id]: choice, ...others } = picked;
  const has = choice === undefined || isRemembered(choice, { model: model ?? defaultId, options });
  useModels.setState({ known: { ...known, [id]: { model, options } }, ...(has && { picked: others }) });
}

/** Reads it, known or not: another device may have changed it. */
export async function lookAtChoice(sessionId: string): Promise<void> {
  const reader = useAuth.getState().user?.id;
  const session = await readSession(sessionId).catch(() => null);
  if (session !== null && useAuth.getState().user?.id === reader) learnChoice(session);
}

function isRemembered({ model, options }: Choice, now: Remembered): boolean {
  return (model === undefined || model === now.model) && (options === undefined || sameOptions(options, now.options ?? {}));
}

/** Nothing of a user's stays: the account is deleted. */
export function forgetLastModel(userId: string): void {
  useLastModel.setState(({ models: { [userId]: _, ...others } }) => ({ models: others }));
}

/** Reads the list again. One that is there stays when the server is away. */
export async function lookAtModels(): Promise<void> {
  const reader = useAuth.getState().user?.id;
  const list = await readModels().catch(() => null);
  if (list === null || useAuth.getState().user?.id !== reader) return;
  useModels.setState({ models: list.models, defaultId: list.defaultId });
}

/** Opens the picker, with the models that there are now; null: closes it. */
export function offerModels(picking: Picking | null): void {
  useModels.setState({ picking });
  if (picking !== null) void lookAtModels();
}

/** Which model this chat asks, whether it is still there or not; null: the default one, or it is not known. */
export function modelOf({ sessionId, chat }: Place, { models, known, picked }: ModelStore, last: string | undefined): string | null {
  const own = picked[sessionId ?? chat.id]?.model;
  if (own !== undefined) return own;
  if (sessionId !== null) return known[sessionId]?.model ?? null;
  // A habit is not worth a refusal.
  return last !== undefined && (models.length === 0 || models.some(({ id }) => id === last)) ? last : null;
}

/** How this chat asks its model; what is not said is as the site has it. */
export function optionsOf({ sessionId, chat }: Place, { known, picked }: Pick<ModelStore, 'known' | 'picked'>): ChatOptions {
  return picked[sessionId ?? chat.id]?.options ?? known[sessionId ?? '']?.options ?? {};
}

/** What goes along with a question in this chat: what was picked. What the server remembers it knows, and better: another device may have picked since. */
export function choiceOf(place: Place): Choice {
  const { sessionId, chat } = place;
  const own = useModels.getState().picked[sessionId ?? chat.id];
  const model = sessionId === null ? modelOf(place, useModels.getState(), lastOf(useAuth.getState().user?.id)) : null;
  return { ...own, ...(model !== null && { model }) };
}

/** A new chat has become a session, which was begun so. */
export function becameSession(chatId: string, sessionId: string): void {
  const { known, picked: { [chatId]: own = {}, ...others } } = useModels.getState();
  const begun = { model: null, options: null, ...choiceOf({ sessionId: null, chat: { id: chatId } }) };
  useModels.setState({ known: { ...known, [sessionId]: begun }, picked: { ...others, [sessionId]: own } });
}

function sameOptions(a: ChatOptions, b: ChatOptions): boolean {
  return (['temperature', 'maxTokens', 'effort', 'tools'] as const).every((name) => a[name] === b[name]);
}

function lastOf(userId: string | undefined): string | undefined {
  return userId === undefined ? undefined : useLastModel.getState().models[userId];
}
