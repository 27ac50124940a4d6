import { call } from './http';

/** What a model can do, as far as is known. */
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

export interface ModelList {
  models: Model[];
  /** Who answers where none was chosen; null: nobody does. */
  defaultId: string | null;
}

export const efforts = ['none', 'minimal', 'low', 'medium', 'high'] as const;
export type Effort = (typeof efforts)[number];

/** How the model of a chat is asked; what is not there is as the site has it. */
export interface ChatOptions {
  temperature?: number;
  /** The longest answer, in tokens. */
  maxTokens?: number;
  effort?: Effort;
  tools?: boolean;
}

/** Who is asked, and how: members of what is sent. */
export interface Choice {
  model?: string;
  options?: ChatOptions;
  /** What a new chat is begun with; null: nothing. */
  assistant?: string | null;
  /** A new chat is one that is not kept. */
  temporary?: boolean;
}

export async function readModels(): Promise<ModelList> {
  return (await (await call('GET', 'ai/models')).json()) as ModelList;
}
