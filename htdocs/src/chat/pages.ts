import type { Chat } from '@ai-sdk/react';
import { createStore } from 'zustand/vanilla';
import { newestPage, pageAround, readMessages, type Message, type MessagePage } from '../api/messages';
import { isGone } from '../api/problem';
import { ahead, reuse, waitsForReader } from './messages';

export interface Place {
  messageId: string;
  lit: boolean;
  /** The words that were searched for, to be marked in it. */
  words?: string;
}

interface PagesState {
  /** The queries of the pages before the first and after the last message shown. */
  older: string | null;
  newer: string | null;
  /** The message to bring on screen, and whether to highlight it; a new object each time. */
  place: Place | null;
}

/** What the pages need from their conversation. */
interface Owner {
  chat: Chat<Message>;
  sessionId: () => string | null;
  /** The number of requests; anything read before the last one is out of date. */
  sent: () => number;
  /** The last message on screen is being written, and is not stored. */
  live: () => boolean;
  closed: AbortSignal;
  /** The session no longer exists. */
  gone: () => void;
}

/** Which messages of a session are on screen: one page, and those read before and after it. */
export class Pages {
  readonly state = createStore<PagesState>()(() => ({ older: null, newer: null, place: null }));
  readonly #owner: Owner;

  constructor(owner: Owner) {
    this.#owner = owner;
  }

  get atEnd(): boolean {
    return this.state.getState().newer === null;
  }

  has(messageId: string): boolean {
    return this.#owner.chat.messages.some(({ id }) => id === messageId);
  }

  bring(place: Place | null): void {
    this.state.setState({ place });
  }

  async readOlder(): Promise<void> {
    const page = await this.#beside('older');
    if (page === null) return;
    this.#owner.chat.messages = [...page.items, ...this.#owner.chat.messages];
    this.state.setState({ older: page.older });
  }

  async readNewer(): Promise<void> {
    const page = await this.#beside('newer');
    if (page === null) return;
    this.#owner.chat.messages = [...this.#owner.chat.messages, ...page.items];
    this.state.setState({ newer: page.newer });
  }

  /** Shows the newest messages, wherever the reader was. */
  async goToEnd(): Promise<void> {
    if (!this.atEnd) await this.read(null);
  }

  /** Reads the newest messages, or those around the one named. */
  async read(messageId: string | null): Promise<void> {
    const { chat, closed, sent, live, sessionId } = this.#owner;
    const session = sessionId();
    if (session === null) return;
    const before = sent();
    const page = await readMessages(session, messageId === null ? newestPage : pageAround(messageId));
    // A request was made meanwhile, so the page that was read does not include it.
    if (closed.aborted || sent() !== before) return;
    const shown = chat.messages;
    const kept = messageId === null ? ahead(page.items[0], shown) : [];
    const running = (live() ? shown.slice(-1) : []).filter(({ id, role }) => role === 'assistant' && page.newer === null && !page.items.some((item) => item.id === id));
    chat.messages = [...kept, ...reuse(shown, page.items), ...running];
    this.state.setState(({ older }) => ({ older: kept.length > 0 ? older : page.older, newer: page.newer }));
  }

  /** Shown messages stay if they cannot be read again; the next send or reload reports the error. */
  async reread(): Promise<void> {
    if (waitsForReader(this.#owner.chat.messages.at(-1))) return;
    await this.look();
  }

  /** Does the same, also while the model waits for the reader. */
  async look(): Promise<void> {
    await this.read(null).catch((error: unknown) => isGone(error) && this.#owner.gone());
  }

  /** Clears the screen. */
  clear(): void {
    this.#owner.chat.messages = [];
    this.state.setState({ older: null, newer: null, place: null });
  }

  /** The page before or after those shown; null if there is none, or if it is no longer wanted. */
  async #beside(side: 'older' | 'newer'): Promise<MessagePage | null> {
    const { closed, sessionId } = this.#owner;
    const session = sessionId();
    const { older, newer } = this.state.getState();
    const query = side === 'older' ? older : newer;
    if (query === null || session === null) return null;
    const page = await readMessages(session, query);
    const now = this.state.getState();
    return closed.aborted || now.older !== older || now.newer !== newer ? null : page;
  }
}
