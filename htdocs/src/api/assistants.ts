import { call } from './http';
import type { ChatOptions } from './models';

/** What a chat can be begun with: instructions, a model and more, by a name. What they say only their owner is told (api/library.ts). */
export interface Assistant {
  id: string;
  name: string;
  /** An emoji, or empty. */
  icon: string;
  description: string;
  /** null: none of its own. */
  modelId: string | null;
  options: ChatOptions | null;
  /** null: all there are. */
  tools: string[] | null;
  starters: string[];
  mine: boolean;
  /** Everybody on this server can use it. */
  published: boolean;
  version: number;
  updateTime: string;
}

/** The one that a chat was begun with, as it was then. */
export type ChatAssistant = Pick<Assistant, 'id' | 'name' | 'icon' | 'version'>;

export interface AssistantList {
  assistants: Assistant[];
  /** What new chats begin with, if nothing else is picked. */
  defaultId?: string | null;
}

/** One's own, and those that are published. */
export async function readAssistants(): Promise<AssistantList> {
  return (await (await call('GET', 'ai/assistants')).json()) as AssistantList;
}
