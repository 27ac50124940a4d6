import type { UIMessage } from 'ai';
import { readPage, type Page } from './http';

export interface Usage {
  inputTokens?: number;
  outputTokens?: number;
  totalTokens?: number;
}

export interface MessageMetadata {
  createTime?: string;
  model?: string;
  status?: 'complete' | 'stopped' | 'interrupted' | 'error';
  finishReason?: string;
  usage?: Usage;
}

export type Message = UIMessage<MessageMetadata>;

const newestPage = '?limit=50';

/** A session's messages, oldest first; without `query` the newest page. A running reply is not among them. */
export function readMessages(sessionId: string, query: string = newestPage): Promise<Page<Message>> {
  return readPage<Message>(`ai/sessions/${sessionId}/messages${query}`, 'prev');
}
