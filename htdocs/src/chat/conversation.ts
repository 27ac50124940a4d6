import { Chat } from '@ai-sdk/react';
import { t } from '@lingui/core/macro';
import { createStore } from 'zustand/vanilla';
import {
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  type ChatStatus,
} from 'ai';
import type { Outgoing } from '../api/chat';
import { newestPage, pageAround, readMessages, showLeaf, type Message, type MessagePage, type Style } from '../api/messages';
import { ApiError, LostConnectionError, UnreachableError } from '../api/problem';
import { SessionTransport, stopReply } from '../api/transport';
import { isPassing, isRefusal, isThrottled, sessionIdIn, storedIdIn } from './answers';
import { ahead, firstText, reuse, sizeOf, waitsForReader } from './messages';
import { metadataOf } from './metadata';
import { connectionPause, pause } from './pause';

export interface Place {
  messageId: string;
  lit: boolean;
  /** What was searched for, to be marked in it. */
  words?: string;
}

export interface ConversationState {
  phase: 'loading' | 'ready' | 'failed';
  /** Why the messages could not be read. */
  problem: unknown;
  /** The queries of the pages of messages before the first and after the last one shown. */
  older: string | null;
  newer: string | null;
  /** The message to bring on screen, and whether to set it off; a new object each time. */
  place: Place | null;
  /** How often this page has asked for something. */
  sent: number;
  /** The connection was lost in a reply that is being taken up again; `away`: the first try was not enough. */
  reconnecting: boolean;
  away: boolean;
  /** The last question had no reply: the server is asked whether one is being written, and then it is followed. */
  joining: boolean;
}

export interface ConversationEvents {
  /** A reply is being written in a session that existed before. */
  onStart: (sessionId: string) => void;
  /** The server made a session for the first message. */
  onSession: (sessionId: string, firstText: string) => void;
  /** A request has come to its end, well or not. */
  onProgress: () => void;
  /** The server has the message. */
  onTaken: (messageId: string, sessionId: string | null) => void;
  /** The message could not be sent, or the conversation was left (null) before the server answered. It is shown no more. */
  onNotSent: (messageId: string, error: unknown) => void;
}

/** How long to wait before each try to take up a lost reply; the last one repeats. */
const waits = [100, 1000, 2000, 4000, 8000, 15000];
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
    newer: null,
    place: null,
    sent: 0,
    reconnecting: false,
    away: false,
    joining: false,
  }));
  readonly #events: ConversationEvents;
  readonly #closed = new AbortController();
  #sessionId: string | null;
  /** What is being sent and not acknowledged, and what was on screen before it. */
  #sending: { id: string; before: Message[] } | null = null;
  /** The server's name for the question whose reply comes in. */
  #storedId: string | null = null;
  /** A reply has been asked for, and the server has not answered yet. */
  #asked = false;
  /** How often the server is being asked at this moment whether a reply runs, or one is being followed. */
  #joins = 0;
  /** The last reply was asked to go on, and that has not come to an end. */
  #continuing = false;

  /** `chatId`: of a new conversation whose first message could not be sent. */
  constructor(sessionId: string | null, events: ConversationEvents, chatId?: string) {
    this.#sessionId = sessionId;
    this.#events = events;
    this.chat = new Chat<Message>({
      ...(chatId !== undefined && { id: chatId }),
      transport: new SessionTransport({
        id: () => this.#sessionId,
        taken: (id) => this.#taken(id),
        joined: () => void this.#reread(),
      }),
      onData: (part) => {
        const id = sessionIdIn(part);
        if (id !== null) this.#learn(id);
        this.#storedId = storedIdIn(part) ?? this.#storedId;
      },
    });
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  get busy(): boolean {
    return isBusy(this.chat.status, this.state.getState());
  }

  /** The last message is a question without a reply. */
  get #unanswered(): boolean {
    return this.chat.messages.at(-1)?.role === 'user';
  }

  /** Reads the newest messages, or those around the one named, and joins a reply that is running. */
  async open(messageId: string | null = null, words = ''): Promise<void> {
    const place = messageId === null ? null : { messageId, lit: true, words };
    this.state.setState({ phase: 'loading', problem: null, place });
    try {
      // A message that is no longer on the shown path: the session opens at its end.
      await this.#read(messageId).catch((error: unknown) => {
        if (messageId === null) throw error;
        return this.#read(null);
      });
    } catch (problem) {
      this.state.setState({ phase: 'failed', problem });
      return;
    }
    this.state.setState({ phase: 'ready' });
    await this.#join();
  }

  /** Brings a message on screen that may not have been read yet. */
  async showMessage(messageId: string, words = ''): Promise<void> {
    if (this.chat.messages.some(({ id }) => id === messageId)) this.state.setState({ place: { messageId, lit: true, words } });
    else await this.open(messageId, words);
  }

  /** Looks whether something has happened elsewhere: another tab or device may have gone on. What could not be read is read now. */
  async catchUp(): Promise<void> {
    const { phase, newer, place, problem } = this.state.getState();
    if (this.busy) return;
    if (phase === 'failed' && isPassing(problem)) return this.open(place?.messageId);
    if (this.chat.error !== undefined && this.#unanswered) {
      // Whether its reply is running cannot be told yet. The server takes it once.
      if (this.chat.error instanceof UnreachableError) await this.retry();
      return;
    }
    if (this.#sessionId === null || phase !== 'ready' || newer !== null) return;
    await this.#reread();
    if (!this.busy) await this.#join(); // something may have begun meanwhile
  }

  /** Stops following. A running reply goes on at the server. */
  close(): void {
    this.#closed.abort();
    if (this.#sending !== null) this.#events.onNotSent(this.#sending.id, null);
    this.#sending = null;
    void this.chat.stop();
  }

  async readOlder(): Promise<void> {
    const page = await this.#page(this.state.getState().older);
    if (page === null) return;
    this.chat.messages = [...page.items, ...this.chat.messages];
    this.state.setState({ older: page.older });
  }

  async readNewer(): Promise<void> {
    const page = await this.#page(this.state.getState().newer);
    if (page === null) return;
    this.chat.messages = [...this.chat.messages, ...page.items];
    this.state.setState({ newer: page.newer });
    if (page.newer === null) await this.#join();
  }

  /** Shows the newest messages, wherever the reader was. */
  async goToEnd(): Promise<void> {
    if (this.state.getState().newer !== null) await this.#read(null);
  }

  /** Resolves when the reply has ended, or when the message could not be sent. */
  async send(message: Outgoing): Promise<void> {
    this.#sending = { id: message.id, before: this.chat.messages };
    try {
      this.chat.clearError();
      await this.goToEnd();
      if (message.edits !== null) await this.#findEdited(message.edits);
      this.#sending = { id: message.id, before: this.chat.messages };
    } catch (error) {
      this.#takeBack(error);
      return;
    }
    const taken = await this.#run(() => this.#post(message));
    if (message.edits !== null && taken && this.chat.status === 'ready') await this.#reread();
  }

  async #findEdited(messageId: string): Promise<void> {
    if (this.chat.messages[0]?.id === messageId) await this.readOlder();
    if (!this.chat.messages.some(({ id }) => id === messageId)) throw new ApiError(404, 'not_found', t`The message that you have changed is no longer there.`);
  }

  /** An edit goes behind what the edited message followed: a branch beside it, with an id of its own. Only the first message follows nothing. */
  #post({ id, text, files, edits }: Outgoing): Promise<void> {
    const parts: Message['parts'] = [...files, ...(text === '' ? [] : [{ type: 'text' as const, text }])];
    const index = edits === null ? -1 : this.chat.messages.findIndex((message) => message.id === edits);
    if (edits !== null && index <= 0) return this.chat.sendMessage({ role: 'user', parts, messageId: edits });
    if (index > 0) this.chat.messages = this.chat.messages.slice(0, index);
    return this.chat.sendMessage({ id, role: 'user', parts });
  }

  /** Another reply beside this one. */
  regenerate(messageId: string, style?: Style): Promise<void> {
    return this.#branch(() => this.chat.regenerate({ messageId, ...(style !== undefined && { body: { style } }) }));
  }

  /** The last reply goes on where it ended. */
  async goOn(): Promise<void> {
    this.#continuing = true;
    await this.#run(() => this.chat.sendMessage());
    if (this.chat.error === undefined) this.#continuing = false;
  }

  /** Shows the branch that this message is on. */
  async showBranch(messageId: string): Promise<void> {
    if (this.#sessionId === null) return;
    await showLeaf(this.#sessionId, messageId);
    await this.#read(messageId);
    this.state.setState({ place: { messageId, lit: false } });
  }

  /** Answers a call that the page, and not the server, has to answer; with all answered the reply goes on. */
  async answerTool(tool: string, toolCallId: string, output: unknown): Promise<void> {
    await this.chat.addToolOutput({ tool, toolCallId, output });
    if (lastAssistantMessageIsCompleteWithToolCalls({ messages: this.chat.messages })) await this.goOn();
  }

  async refuseTool(tool: string, toolCallId: string, errorText: string): Promise<void> {
    await this.chat.addToolOutput({ state: 'output-error', tool, toolCallId, errorText });
    if (lastAssistantMessageIsCompleteWithToolCalls({ messages: this.chat.messages })) await this.goOn();
  }

  /** Allows or forbids a call. */
  async approveTool(id: string, approved: boolean): Promise<void> {
    await this.chat.addToolApprovalResponse({ id, approved });
    if (!this.busy && lastAssistantMessageIsCompleteWithApprovalResponses({ messages: this.chat.messages })) await this.goOn();
  }

  /** A question whose reply failed is sent again under its own id, so the server takes it once; what was to go on goes on; a reply is made anew. */
  async retry(): Promise<void> {
    const last = this.chat.messages.at(-1);
    if (last?.role !== 'user') return this.#continuing ? this.goOn() : this.#branch(() => this.chat.regenerate());
    this.chat.messages = this.chat.messages.slice(0, -1);
    await this.#run(() => this.chat.sendMessage(last));
  }

  /** Ends the running reply and keeps its text. */
  async stop(): Promise<void> {
    if (this.#sessionId === null) return;
    try {
      await stopReply(this.#sessionId);
      // The server now ends the stream itself, with the reply's last state.
      await pause(stopGrace, this.#closed.signal, () => !this.busy);
    } finally {
      await this.chat.stop();
    }
  }

  /** An answer has begun: what was sent is stored. */
  #taken(sessionId: string | null): void {
    if (this.#closed.signal.aborted) return;
    if (this.#sending !== null) this.#events.onTaken(this.#sending.id, sessionId ?? this.#sessionId);
    this.#sending = null;
    if (this.#asked && this.#sessionId !== null) this.#events.onStart(this.#sessionId);
    this.#asked = false;
    if (sessionId !== null) this.#learn(sessionId);
  }

  #learn(sessionId: string): void {
    if (this.#closed.signal.aborted) return;
    if (this.#sessionId === null) {
      this.#sessionId = sessionId;
      this.#events.onSession(sessionId, firstText(this.chat.messages));
    }
  }

  /** Asks for a reply. Whether the server took it. */
  async #run(request: () => Promise<void>): Promise<boolean> {
    // An answer to "does a reply run?" that came in now would be taken for this one's.
    if (this.#joins > 0) await this.chat.stop();
    this.#asked = true;
    this.state.setState(({ sent }) => ({ sent: sent + 1 }));
    return this.#follow(request);
  }

  /**
   * Runs one request of the chat to its end and deals with the ways in which it can fail. `joins`: it only looks for a reply that runs, and what is
   * being sent beside it is not its business. False: a message could not be sent.
   */
  async #follow(request: () => Promise<void>, joins = false): Promise<boolean> {
    await request();
    if (!joins) this.#asked = false;
    if (this.#closed.signal.aborted) return false;
    const { error } = this.chat;
    const sent = joins || this.#sending === null;
    if (!sent) this.#takeBack(error);
    else if ((error instanceof LostConnectionError || (joins && isThrottled(error))) && this.#sessionId !== null) await this.#reconnect();
    else if (isRefusal(error)) this.chat.clearError();
    if (isRefusal(error) && error.status === 409) {
      const read = this.open();
      if (sent) await read; // else the message waits, and not whoever sends it
    }
    this.#adoptId();
    this.#events.onProgress();
    return sent;
  }

  /** The question is called what it will be called after a reload: what is begun on it, as an edit, stays with it. */
  #adoptId(): void {
    const id = this.#storedId;
    this.#storedId = null;
    const { messages, status } = this.chat;
    const index = messages.findLastIndex(({ role }) => role === 'user');
    if (id === null || index < 0 || status !== 'ready' || messages.some((message) => message.id === id)) return;
    // Asked for when its reply was begun, by the server's clock, until it is read again.
    const reply = messages[index + 1];
    const metadata = reply === undefined ? {} : { createTime: metadataOf(reply).createTime };
    this.chat.messages = messages.map((message, n) => (n === index ? { ...message, id, metadata } : message));
  }

  async #reconnect(): Promise<void> {
    let furthest = sizeOf(this.chat.messages.at(-1));
    for (let attempt = 0; !this.#closed.signal.aborted; attempt++) {
      this.state.setState({ reconnecting: true, away: attempt > 0 });
      await connectionPause(waits[Math.min(attempt, waits.length - 1)] ?? 0, this.#closed.signal);
      await this.chat.resumeStream();
      if (!isPassing(this.chat.error)) break;
      // A proxy that cuts every reply after a while is no reason to wait ever longer.
      const reached = sizeOf(this.chat.messages.at(-1));
      if (reached > furthest) attempt = -1;
      furthest = Math.max(furthest, reached);
    }
    if (this.chat.status === 'ready') await this.#reread();
    this.state.setState({ reconnecting: false, away: false });
  }

  /** Joins a reply that is running. */
  async #join(): Promise<void> {
    if (this.#sessionId === null || this.state.getState().newer !== null) return;
    this.state.setState({ joining: this.#unanswered });
    this.#joins++;
    await this.#follow(() => this.chat.resumeStream(), true);
    this.#joins--;
    // Nothing runs, yet a question has no reply: it ended between our two requests.
    if (this.chat.status === 'ready' && this.#unanswered) await this.#reread();
    this.state.setState({ joining: false });
  }

  /** Runs a request that makes a branch; only the stored messages say what is beside them. */
  async #branch(request: () => Promise<void>): Promise<void> {
    await this.goToEnd();
    await this.#run(request);
    if (this.chat.status === 'ready') await this.#reread();
  }

  /** The message on its way goes from the screen: it is shown among the unsent ones. */
  #takeBack(error: unknown): void {
    if (this.#sending === null || this.#closed.signal.aborted) return;
    const { id, before } = this.#sending;
    this.#sending = null;
    this.chat.messages = before;
    this.chat.clearError();
    this.#events.onNotSent(id, error);
  }

  /** Reads a page beside the ones shown; null when there is none, or when it is no longer wanted. */
  async #page(query: string | null): Promise<MessagePage | null> {
    if (query === null || this.#sessionId === null) return null;
    const { older, newer } = this.state.getState();
    const page = await readMessages(this.#sessionId, query);
    const now = this.state.getState();
    return this.#closed.signal.aborted || now.older !== older || now.newer !== newer ? null : page;
  }

  async #read(messageId: string | null): Promise<void> {
    if (this.#sessionId === null) return;
    const { sent } = this.state.getState();
    const page = await readMessages(this.#sessionId, messageId === null ? newestPage : pageAround(messageId));
    // Something was asked meanwhile: the page that was read does not have it.
    if (this.#closed.signal.aborted || this.state.getState().sent !== sent) return;
    const shown = this.chat.messages;
    const kept = messageId === null ? ahead(page.items[0], shown) : [];
    const running = this.chat.status === 'streaming' || this.state.getState().reconnecting ? shown.slice(-1) : [];
    const live = running.filter(({ id, role }) => role === 'assistant' && page.newer === null && !page.items.some((item) => item.id === id));
    this.chat.messages = [...kept, ...reuse(shown, page.items), ...live];
    this.state.setState(({ older }) => ({ older: kept.length > 0 ? older : page.older, newer: page.newer }));
  }

  /** What is shown stays when it cannot be read again; the next send or reload tells. */
  async #reread(): Promise<void> {
    if (waitsForReader(this.chat.messages.at(-1))) return;
    await this.#read(null).catch(() => undefined);
  }
}

/** A reply is awaited, comes in, or is being taken up again: the reader can stop it, and not ask for another. */
export function isBusy(status: ChatStatus, { reconnecting, joining }: ConversationState): boolean {
  return status === 'submitted' || status === 'streaming' || reconnecting || joining;
}
