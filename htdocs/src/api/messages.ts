import type { UIMessage } from 'ai';
import { call, linkedQuery } from './http';

export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
}

/** The ways in which a reply can be asked for again. */
export type Style = 'shorter' | 'longer' | 'simpler';

/** How another reply is asked for: in a style, or from another model. */
export interface How {
  style?: Style;
  model?: string;
}

/** A message's metadata, read by metadataOf(). */
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
  /** Present if the model was not sent everything: the tokens sent, the limit, and how many messages were left out, wholly or without their files. */
  context?: { tokens: number; limit: number; leftOut: number };
  /** The style in which the reply was asked for again. */
  style?: Style;
  /** The messages with the same parent, including this one, if there are several. */
  siblings?: string[];
  /** The reader's rating of a reply. */
  rating?: 'up' | 'down';
  ratingComment?: string;
}

export interface Rating {
  rating: 'up' | 'down';
  comment?: string;
}

/** In characters. */
export const longestComment = 500;

/** The metadata may be anything: a client may have stored any value, and the server may be newer than this page. */
export type Message = UIMessage<unknown>;

/** A range of a session's messages, oldest first, and the queries for those before and after it. */
export interface MessagePage {
  items: Message[];
  older: string | null;
  newer: string | null;
}

export const newestPage = '?limit=50';

export function pageAround(messageId: string): string {
  return `${newestPage}&around=${messageId}`;
}

/** One page of a session's messages. It does not contain a running reply. */
export async function readMessages(sessionId: string, query: string): Promise<MessagePage> {
  const response = await call('GET', `ai/sessions/${sessionId}/messages${query}`);
  const items = (await response.json()) as Message[];
  const link = response.headers.get('link');
  return { items, older: linkedQuery(link, 'prev'), newer: linkedQuery(link, 'next') };
}

/** From now on the session shows the path through this message. */
export async function showLeaf(sessionId: string, leafId: string): Promise<void> {
  await call('PATCH', `ai/sessions/${sessionId}`, { leafId });
}

/** Replaces an earlier rating; null withdraws it. */
export async function rateMessage(sessionId: string, messageId: string, rating: Rating | null): Promise<void> {
  const path = `ai/sessions/${sessionId}/messages/${messageId}/rating`;
  if (rating === null) await call('DELETE', path);
  else await call('PUT', path, rating);
}
