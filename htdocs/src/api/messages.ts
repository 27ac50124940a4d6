import type { UIMessage } from 'ai';
import { call, linkedQuery } from './http';

export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
}

/** How a reply can be asked for again. */
export type Style = 'shorter' | 'longer' | 'simpler';

/** How another reply is asked for: so, or of another model. */
export interface How {
  style?: Style;
  model?: string;
}

/** What the page knows of a message beside its parts; metadataOf() reads it. */
export interface MessageMetadata {
  createTime?: string;
  model?: string;
  /** The id of that model in the list of models. */
  modelId?: string;
  /** The model that was asked first and did not answer. */
  fallbackFor?: string;
  /** In millionths of the currency in which the site has set the model's prices. */
  cost?: number;
  status?: 'complete' | 'stopped' | 'interrupted' | 'error';
  finishReason?: string;
  usage?: Usage;
  /** Why the reply failed: a code of api/faults.ts. */
  error?: { code: string };
  /** When the model was not told all: the tokens that it was told and can be told, and how many messages or their files stayed out. */
  context?: { tokens: number; limit: number; leftOut: number };
  /** How the reply was asked for, when it was asked for again. */
  style?: Style;
  /** The messages with the same parent, this one included, where there are several. */
  siblings?: string[];
  /** What its reader thinks of a reply. */
  rating?: 'up' | 'down';
  ratingComment?: string;
}

export interface Rating {
  rating: 'up' | 'down';
  comment?: string;
}

/** In characters. */
export const longestComment = 500;

/** The metadata may be anything: a client may have stored what it liked, and a server may be newer than this page. */
export type Message = UIMessage<unknown>;

/** A stretch of a session's messages, oldest first, and the queries of what lies before and after it. */
export interface MessagePage {
  items: Message[];
  older: string | null;
  newer: string | null;
}

export const newestPage = '?limit=50';

export function pageAround(messageId: string): string {
  return `${newestPage}&around=${messageId}`;
}

/** One page of a session's messages. A running reply is not among them. */
export async function readMessages(sessionId: string, query: string): Promise<MessagePage> {
  const response = await call('GET', `ai/sessions/${sessionId}/messages${query}`);
  const items = (await response.json()) as Message[];
  const link = response.headers.get('link');
  return { items, older: linkedQuery(link, 'prev'), newer: linkedQuery(link, 'next') };
}

/** Shows the path through this message from now on. */
export async function showLeaf(sessionId: string, leafId: string): Promise<void> {
  await call('PATCH', `ai/sessions/${sessionId}`, { leafId });
}

/** In place of the rating before; null takes it back. */
export async function rateMessage(sessionId: string, messageId: string, rating: Rating | null): Promise<void> {
  const path = `ai/sessions/${sessionId}/messages/${messageId}/rating`;
  if (rating === null) await call('DELETE', path);
  else await call('PUT', path, rating);
}
