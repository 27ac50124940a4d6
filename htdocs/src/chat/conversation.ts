import { Chat } from '@ai-sdk/react';
import { createStore } from 'zustand/vanilla';
import { readMessages, type Message } from '../api/messages';
import { ApiError, LostConnectionError, UnreachableError } from '../api/problem';
import { SessionTransport, stopReply } from '../api/transport';
import { connectionPause, pause } from './pause';

export interface ConversationState {
  phase: 'loading' | 'ready' | 'failed';
  /** Why the messages could not be read. */
  problem: unknown;
  /** The query of the page of messages before the first one shown. */
  older: string | null;
  /** The connection was lost in a reply and is being taken up again. */
  reconnecting: boolean;
}

export interface ConversationEvents {
  /** The server made a session for the first message. */
  onSession: (sessionId: string, firstText: string) => void;
  /** The server has accepted a message, or a reply has ended. */
  onProgress: () => void;
  /** A message was not taken (the login is over, or the session has moved on elsewhere); its text comes back. */
  onRefused: (error: ApiError, text: string) => void;
}

/** How long to wait before each try to take up a lost reply; the last one repeats. */
const waits = [300, 1000, 2000, 4000, 8000, 15000];
const stopGrace = 3000;

/**
 * One session on screen: a `Chat` and what the server knows of it. A new conversation has no session id
 * until its first answer brings one; it stays the same conversation, so the running reply is not disturbed.
 */
export class Conversation {
  readonly chat: Chat<Message>;
  readonly state = createStore<ConversationState>()(() => ({
    phase: 'loading',
    problem: null,
    older: null,
    reconnecting: false,
  }));
  readonly #events: ConversationEvents;
  readonly #closed = new AbortController();
  #sessionId: string | null;

  constructor(sessionId: string | null, events: ConversationEvents) {
    this.#sessionId = sessionId;
    this.#events = events;
    this.chat = new Chat<Message>({
      transport: new SessionTransport({
        id: () => this.#sessionId,
        learned: (id) => this.#learn(id),
      }),
      onData: (part) => {
        const id = sessionIdIn(part);
        if (id !== null) this.#learn(id);
      },
    });
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  get #busy(): boolean {
    return this.chat.status === 'submitted' || this.chat.status === 'streaming';
  }

  /** Reads the newest messages and joins a reply that is running. */
  async open(): Promise<void> {
    this.state.setState({ phase: 'loading', problem: null });
    try {
      await this.#read();
    } catch (problem) {
      this.state.setState({ phase: 'failed', problem });
      return;
    }
    this.state.setState({ phase: 'ready' });
    if (this.#sessionId === null) return;
    await this.#run(() => this.chat.resumeStream());
    // Nothing runs, yet a question has no reply: it ended between our two requests.
    if (this.chat.status === 'ready' && this.chat.messages.at(-1)?.role === 'user') await this.#reread();
  }

  /** Stops following. A running reply goes on at the server. */
  close(): void {
    this.#closed.abort();
    void this.chat.stop();
  }

  async readOlder(): Promise<void> {
    const { older } = this.state.getState();
    if (older === null || this.#sessionId === null) return;
    const page = await readMessages(this.#sessionId, older);
    this.chat.messages = [...page.items, ...this.chat.messages];
    this.state.setState({ older: page.more });
  }

  send(text: string): Promise<void> {
    return this.#run(() => this.chat.sendMessage({ text }));
  }

  /** A question that failed is sent again under its own id, so the server takes it once; a reply is made anew. */
  retry(): Promise<void> {
    const last = this.chat.messages.at(-1);
    if (last?.role !== 'user') return this.#run(() => this.chat.regenerate());
    this.chat.messages = this.chat.messages.slice(0, -1);
    return this.#run(() => this.chat.sendMessage(last));
  }

  /** Ends the running reply and keeps its text. */
  async stop(): Promise<void> {
    if (this.#sessionId === null) return;
    try {
      await stopReply(this.#sessionId);
      // The server now ends the stream itself, with the reply's last state.
      await pause(stopGrace, this.#closed.signal, () => !this.#busy);
    } finally {
      await this.chat.stop();
    }
  }

  #learn(sessionId: string): void {
    if (this.#closed.signal.aborted) return;
    if (this.#sessionId === null) {
      this.#sessionId = sessionId;
      this.#events.onSession(sessionId, firstText(this.chat.messages));
    }
  }

  /** Runs one request of the chat to its end and deals with the ways in which it can fail. */
  async #run(request: () => Promise<void>): Promise<void> {
    await request();
    if (this.#closed.signal.aborted) return;
    const { error } = this.chat;
    if (error instanceof LostConnectionError && this.#sessionId !== null) await this.#reconnect();
    else if (isRefusal(error)) await this.#takeBack(error);
    this.#events.onProgress();
  }

  async #reconnect(): Promise<void> {
    this.state.setState({ reconnecting: true });
    for (let attempt = 0; !this.#closed.signal.aborted; attempt++) {
      await connectionPause(waits[Math.min(attempt, waits.length - 1)] ?? 0, this.#closed.signal);
      await this.chat.resumeStream();
      if (!isPassing(this.chat.error)) break;
    }
    if (this.chat.status === 'ready') await this.#reread();
    this.state.setState({ reconnecting: false });
  }

  /** Gives the text of a refused message back; where another tab or device is ahead, shows what is there now. */
  async #takeBack(error: ApiError): Promise<void> {
    const last = this.chat.messages.at(-1);
    if (last?.role === 'user') {
      this.chat.messages = this.chat.messages.slice(0, -1);
      this.#events.onRefused(error, textOf(last));
    }
    this.chat.clearError();
    if (error.status === 409) await this.open();
  }

  async #read(): Promise<void> {
    if (this.#sessionId === null) return;
    const page = await readMessages(this.#sessionId);
    if (this.#closed.signal.aborted) return;
    const kept = before(page.items[0], this.chat.messages);
    this.chat.messages = [...kept, ...page.items];
    this.state.setState(({ older }) => ({ older: kept.length > 0 ? older : page.more }));
  }

  /** What is shown stays when it cannot be read again; the next send or reload tells. */
  async #reread(): Promise<void> {
    await this.#read().catch(() => undefined);
  }
}

/** The id in a "data-session" part; other data parts have none. */
function sessionIdIn(part: { type: string; data: unknown }): string | null {
  if (part.type !== 'data-session' || typeof part.data !== 'object' || part.data === null) return null;
  return 'sessionId' in part.data && typeof part.data.sessionId === 'string' ? part.data.sessionId : null;
}

function isRefusal(error: Error | undefined): error is ApiError {
  return error instanceof ApiError && (error.status === 401 || error.status === 409);
}

/** Worth another try: the network or the server is away, or was lost once more. */
function isPassing(error: Error | undefined): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  return error instanceof LostConnectionError || error instanceof UnreachableError;
}

/** The messages ahead of `first` in the list, when it is there. */
function before(first: Message | undefined, messages: Message[]): Message[] {
  const index = messages.findIndex(({ id }) => id === first?.id);
  return messages.slice(0, Math.max(index, 0));
}

export function textOf(message: Message): string {
  return message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
}

function firstText(messages: Message[]): string {
  const first = messages.find(({ role }) => role === 'user');
  return first === undefined ? '' : textOf(first);
}
