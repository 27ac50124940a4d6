import { call } from './http';

/** The abilities of a model, as far as they are known. */
export type Ability = 'tools' | 'images' | 'files' | 'reasoning';

/** A model that this user may ask. */
export interface Model {
  id: string;
  label: string;
  /** The provider's name. */
  provider: string;
  abilities: Partial<Record<Ability, boolean>>;
  contextTokens: number | null;
  /** "failing": its last answers were errors. */
  problem: string | null;
}

interface ModelList {
  models: Model[];
  /** The model that answers if none was chosen; null if there is none. */
  defaultId: string | null;
}

export const efforts = ['none', 'minimal', 'low', 'medium', 'high'] as const;
export type Effort = (typeof efforts)[number];

/** How the model of a chat is asked; a missing member has the site's value. */
export interface ChatOptions {
  temperature?: number;
  /** The longest answer, in tokens. */
  maxTokens?: number;
  effort?: Effort;
  tools?: boolean;
}

/** Which model is asked, and how: members of the request. */
export interface Choice {
  model?: string;
  options?: ChatOptions;
  /** The assistant of a new chat; null for none. */
  assistant?: string | null;
  /** The new chat is temporary. */
  temporary?: boolean;
}

export async function readModels(): Promise<ModelList> {
  return (await (await call('GET', 'ai/models')).json()) as ModelList;
}
