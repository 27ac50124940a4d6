import { call } from './http';
import type { ChatOptions } from './models';

/** What a chat can begin with: instructions, a model and more, under one name. Only the owner can read the instructions (api/library.ts). */
export interface Assistant {
  id: string;
  name: string;
  /** An emoji, or empty. */
  icon: string;
  description: string;
  /** null: it has none of its own. */
  modelId: string | null;
  options: ChatOptions | null;
  /** null: all tools. */
  tools: string[] | null;
  starters: string[];
  mine: boolean;
  /** Everybody on this server can use the assistant. */
  published: boolean;
  version: number;
  updateTime: string;
}

/** The assistant that a chat began with, as it was then. */
export type ChatAssistant = Pick<Assistant, 'id' | 'name' | 'icon' | 'version'>;

interface AssistantList {
  assistants: Assistant[];
  /** The assistant of new chats if none is chosen. */
  defaultId?: string | null;
}

/** One's own assistants, and the published ones. */
export async function readAssistants(): Promise<AssistantList> {
  return (await (await call('GET', 'ai/assistants')).json()) as AssistantList;
}
