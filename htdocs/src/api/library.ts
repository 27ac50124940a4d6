/** One's own assistants and prompts, with their texts. */
import { apiUrl } from '../base';
import type { Assistant } from './assistants';
import { authorizedFetch, call } from './http';

/** The members that are sent when an assistant is created or changed. */
export type AssistantWish = Partial<Pick<Assistant, 'name' | 'icon' | 'description' | 'modelId' | 'options' | 'tools' | 'starters' | 'published'>> & { instructions?: string };

export interface Prompt {
  id: string;
  /** The name that is typed after a slash: a-z, 0-9 and hyphens. */
  name: string;
  /** The user fills in {{words}} in it. */
  text: string;
  mine: boolean;
  published: boolean;
  version: number;
}

type PromptWish = Partial<Pick<Prompt, 'name' | 'text' | 'published'>>;

/** In characters; the server refuses longer values. */
export const longest = { name: 128, icon: 16, description: 512, starter: 200, promptName: 64, prompt: 16_384, instructions: 4000 } as const;
export const mostStarters = 6;

/** The instructions, for the owner; others get none. */
export async function readAssistantText(id: string): Promise<string> {
  const assistant = (await (await call('GET', `ai/assistants/${id}`)).json()) as { instructions?: string | null };
  return assistant.instructions ?? '';
}

/** Names the version that was seen; without one, creates an object. */
export async function saveAssistant(seen: Pick<Assistant, 'id' | 'version'> | null, wish: AssistantWish): Promise<void> {
  await save('ai/assistants', seen, wish);
}

export async function removeAssistant(id: string): Promise<void> {
  await call('DELETE', `ai/assistants/${id}`);
}

export async function readPrompts(): Promise<Prompt[]> {
  return ((await (await call('GET', 'ai/prompts')).json()) as { prompts: Prompt[] }).prompts;
}

export async function savePrompt(seen: Pick<Prompt, 'id' | 'version'> | null, wish: PromptWish): Promise<void> {
  await save('ai/prompts', seen, wish);
}

export async function removePrompt(id: string): Promise<void> {
  await call('DELETE', `ai/prompts/${id}`);
}

/** The result for one object of a file. */
export interface ImportedItem {
  kind: 'assistant' | 'prompt';
  name: string;
  /** False if it already existed. */
  added: boolean;
  /** The new name of a prompt whose name was already in use, with a number appended. */
  as?: string;
  /** The model that it names does not exist here. */
  modelLost?: boolean;
}

/** In bytes; the server refuses larger files. */
export const libraryFileMost = 4 * 1024 * 1024;

/** All of one's own assistants and prompts, as one file. */
export async function readLibrary(): Promise<Blob> {
  return (await call('GET', 'ai/library')).blob();
}

/** Adds the contents of such a file: all of it or nothing. */
export async function addLibrary(file: string): Promise<ImportedItem[]> {
  const response = await authorizedFetch(apiUrl('ai/library'), { method: 'POST', headers: { 'content-type': 'application/json' }, body: file });
  return ((await response.json()) as { items: ImportedItem[] }).items;
}

async function save(path: string, seen: { id: string; version: number } | null, wish: object): Promise<void> {
  if (seen === null) await call('POST', path, wish);
  else await call('PATCH', `${path}/${seen.id}`, { version: seen.version, ...wish });
}
