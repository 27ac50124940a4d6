import { Chat } from '@ai-sdk/react';
import { t } from '@lingui/core/macro';
import { createStore } from 'zustand/vanilla';
import type { Outgoing } from '../api/chat';
import { showLeaf, type How, type Message } from '../api/messages';
import { ApiError, isGone, isModelGone, LostConnectionError, UnreachableError } from '../api/problem';
import { SessionTransport, stopReply } from '../api/transport';
import { isBusy, isOpen, unsentIn, type Activity, type Purpose, type Sending } from './activity';
import { isMissing, isPassing, isRefusal, isThrottled, sessionIdIn, storedIdIn } from './answers';
import type { ConversationEvents } from './events';
import { firstText, sizeOf, withNamedQuestion } from './messages';
import { Pages } from './pages';
import { connectionPause, pause } from './pause';

interface ConversationState {
  activity: Activity;
  /** How many requests this page has made. */
  sent: number;
}

/** The delays before each attempt to resume a lost reply; the last one repeats. */
const waits = [100, 1000, 2000, 4000, 8000, 15000];
const stopGrace = 3000;

/**
 * One session on screen: a `Chat` and what the server knows of it. A new conversation has no session id until its first answer brings one; it stays
 * the same object, so the running reply is not disturbed.
 */
export class Conversation {
  readonly chat: Chat<Message>;
  readonly pages: Pages;
  readonly state = createStore<ConversationState>()(() => ({ activity: { kind: 'loading' }, sent: 0 }));
  readonly #events: ConversationEvents;
  readonly #closed = new AbortController();
  #sessionId: string | null;
  /** The server's id for the question whose reply is being received. */
  #storedId: string | null = null;
  /** Counts the activities: one that ends and is not the newest has no effect any more. */
  #turn = 0;

  /** `chatId`: from a new conversation whose first message could not be sent. */
  constructor(sessionId: string | null, events: ConversationEvents, chatId?: string) {
    this.#sessionId = sessionId;
    this.#events = events;
    this.chat = new Chat<Message>({
      ...(chatId !== undefined && { id: chatId }),
      transport: new SessionTransport({
        id: () => this.#sessionId,
        choice: () => events.choice?.(this) ?? {},
        taken: (id) => this.#taken(id),
        joined: () => this.#joined(),
      }),
      onData: (part) => {
        const id = sessionIdIn(part);
        if (id !== null) this.#learn(id);
        this.#storedId = storedIdIn(part) ?? this.#storedId;
      },
    });
    this.pages = new Pages({
      chat: this.chat,
      sessionId: () => this.#sessionId,
      sent: () => this.state.getState().sent,
      live: () => this.chat.status === 'streaming' || this.activity.kind === 'reconnecting',
      closed: this.#closed.signal,
      gone: () => this.becomeMissing(),
    });
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** The session that a new message belongs to; if the session is gone, a new one. */
  get writesTo(): string | null {
    return this.activity.kind === 'missing' ? null : this.#sessionId;
  }

  get activity(): Activity {
    return this.state.getState().activity;
  }

  get busy(): boolean {
    return isBusy(this.activity);
  }

  /** A reply or a message is under way, so nothing else begins. */
  get #engaged(): boolean {
    return this.busy || this.activity.kind === 'preparing';
  }

  /** The last message is a question without a reply. */
  get #unanswered(): boolean {
    return this.chat.messages.at(-1)?.role === 'user';
  }

  /** Reads the newest messages, or those around the one named, and joins a running reply. */
  async open(messageId: string | null = null, words = ''): Promise<void> {
    this.pages.bring(messageId === null ? null : { messageId, lit: true, words });
    const turn = this.#engaged ? null : this.#begin({ kind: 'loading' });
    let now: Activity = { kind: 'idle' };
    try {
      // If the message is no longer on the shown path, the session opens at its end.
      await this.pages.read(messageId).catch((error: unknown) => {
        if (messageId === null) throw error;
        return this.pages.read(null);
      });
    } catch (problem) {
      now = { kind: 'unreadable', problem };
    }
    if (turn === null || !this.#isNewest(turn)) return;
    if (now.kind === 'unreadable' && isMissing(now.problem)) return this.becomeMissing();
    this.#become(now);
    if (now.kind === 'idle') await this.#look();
  }

  /** Brings a message on screen that may not have been read yet. */
  async showMessage(messageId: string, words = ''): Promise<void> {
    if (this.pages.has(messageId)) this.pages.bring({ messageId, lit: true, words });
    else await this.open(messageId, words);
  }

  /** Checks whether something has happened in another tab or on another device. What could not be read is read now. */
  async catchUp(): Promise<void> {
    const { activity } = this;
    if (this.#engaged || activity.kind === 'loading' || activity.kind === 'missing') return;
    if (activity.kind === 'unreadable') {
      if (isPassing(activity.problem)) await this.open(this.pages.state.getState().place?.messageId);
      return;
    }
    if (activity.kind === 'failed' && this.#unanswered) {
      // Whether the reply is running is not known yet. The server stores the message once.
      if (activity.error instanceof UnreachableError) await this.retry();
      return;
    }
    if (this.#sessionId === null || !this.pages.atEnd) return;
    await this.pages.reread();
    await this.#look(); // unless something has begun meanwhile
  }

  /** The session is gone, so nothing of it stays on screen. */
  becomeMissing(): void {
    if (this.#closed.signal.aborted || this.#sessionId === null || this.activity.kind === 'missing') return;
    const [shown, message] = [this.chat.messages, unsentIn(this.activity)];
    this.#begin({ kind: 'missing', deleted: shown.length > 0 });
    if (message !== null) this.#events.onNotSent(message.id, null);
    void this.chat.stop().then(() => this.pages.clear());
    this.pages.clear();
    this.#events.onMissing?.(this.#sessionId, shown);
  }

  /** Stops following. A running reply continues on the server. */
  close(): void {
    const message = unsentIn(this.activity);
    this.#closed.abort();
    if (message !== null) this.#events.onNotSent(message.id, null);
    void this.chat.stop();
  }

  async readNewer(): Promise<void> {
    const { atEnd } = this.pages;
    await this.pages.readNewer();
    if (!atEnd && this.pages.atEnd) await this.#look();
  }

  /** Resolves when the reply has ended, or when the message could not be sent. */
  async send(message: Outgoing): Promise<void> {
    const { id, edits } = message;
    if (this.#engaged) return this.#events.onNotSent(id, null);
    const turn = this.#begin({ kind: 'preparing', message: { id, before: this.chat.messages } });
    try {
      await this.pages.goToEnd();
      if (edits !== null) await this.#findEdited(edits);
    } catch (error) {
      if (this.#isNewest(turn)) this.#giveBack(id, error);
      return;
    }
    if (!this.#isNewest(turn)) return;
    const taken = await this.#ask(() => this.#post(message), 'reply', { id, before: this.chat.messages });
    if (edits !== null && taken && this.activity.kind === 'idle') await this.pages.reread();
  }

  async #findEdited(messageId: string): Promise<void> {
    if (this.chat.messages[0]?.id === messageId) await this.pages.readOlder();
    if (!this.pages.has(messageId)) throw new ApiError(404, 'not_found', t`The message that you have changed is no longer there.`);
  }

  /** An edit follows the same message as the edited one: a branch beside it, with an id of its own. Only the first message follows nothing. */
  #post({ id, text, files, edits, choice }: Outgoing): Promise<void> {
    // A new chat begins with the choices that it was written with; an existing one continues with its own.
    const body = this.#sessionId === null ? { model: undefined, options: undefined, assistant: undefined, temporary: undefined, ...choice } : {};
    const parts: Message['parts'] = [...files, ...(text === '' ? [] : [{ type: 'text' as const, text }])];
    const index = edits === null ? -1 : this.chat.messages.findIndex((message) => message.id === edits);
    if (edits !== null && index <= 0) return this.chat.sendMessage({ role: 'user', parts, messageId: edits }, { body });
    if (index > 0) this.chat.messages = this.chat.messages.slice(0, index);
    return this.chat.sendMessage({ id, role: 'user', parts }, { body });
  }

  /** Asks for another reply beside this one. */
  regenerate(messageId: string, how: How = {}): Promise<void> {
    return this.#branch(() => this.chat.regenerate({ messageId, body: how }));
  }

  /** Continues the last reply where it ended. */
  async goOn(): Promise<void> {
    await this.#ask(() => this.chat.sendMessage(), 'continuation');
  }

  /** Shows the branch that this message is on. */
  async showBranch(messageId: string): Promise<void> {
    if (this.#sessionId === null) return;
    await showLeaf(this.#sessionId, messageId);
    await this.pages.read(messageId);
    this.pages.bring({ messageId, lit: false });
  }

  /**
   * Repeats what has failed: messages are read; a question without a reply is sent with its own id, so the server stores it once; a continuation is
   * requested again; a search for a running reply is repeated; otherwise a new reply is requested.
   */
  async retry(): Promise<void> {
    const { activity } = this;
    if (this.#engaged) return;
    if (activity.kind === 'unreadable') return this.open();
    const last = this.chat.messages.at(-1);
    if (last?.role === 'user') {
      this.chat.messages = this.chat.messages.slice(0, -1);
      await this.#ask(() => this.chat.sendMessage(last), 'reply');
      return;
    }
    const purpose = activity.kind === 'failed' ? activity.purpose : 'reply';
    if (purpose === 'continuation') return this.goOn();
    return purpose === 'look' ? this.catchUp() : this.#branch(() => this.chat.regenerate());
  }

  /** Removes the notice of a failure. */
  dismiss(): void {
    if (this.activity.kind === 'failed') this.#begin({ kind: 'idle' });
  }

  /** Stops the running reply and keeps its text. */
  async stop(): Promise<void> {
    // The server cannot stop a reply that has not been requested from it yet.
    if (this.activity.kind === 'asking') await pause(stopGrace, this.#closed.signal, () => this.activity.kind !== 'asking');
    try {
      if (this.#sessionId === null || !this.busy) return;
      await stopReply(this.#sessionId);
      // The server now ends the stream itself, with the reply's last state.
      await pause(stopGrace, this.#closed.signal, () => !this.busy);
    } finally {
      await this.chat.stop();
    }
  }

  /** An answer has begun, so the message is stored. */
  #taken(sessionId: string | null): void {
    if (this.#closed.signal.aborted) return;
    const { activity } = this;
    if (activity.kind === 'asking') {
      this.#become({ kind: 'replying' });
      if (activity.message !== null) this.#events.onTaken(activity.message.id, sessionId ?? this.#sessionId);
      if (this.#sessionId !== null) this.#events.onStart(this.#sessionId);
    }
    if (sessionId !== null) this.#learn(sessionId);
  }

  /** A running reply is being received. */
  #joined(): void {
    const { kind } = this.activity;
    if (kind === 'looking') this.#become({ kind: 'replying' });
    else if (kind === 'reconnecting') this.#become({ kind, away: false });
    void this.pages.reread();
  }

  #learn(sessionId: string): void {
    if (this.#closed.signal.aborted) return;
    if (this.#sessionId === null) {
      this.#sessionId = sessionId;
      this.#events.onSession(sessionId, firstText(this.chat.messages));
    }
  }

  /** Begins an activity; an unfinished earlier one is no longer the newest. */
  #begin(activity: Activity): number {
    this.#become(activity);
    return ++this.#turn;
  }

  #isNewest(turn: number): boolean {
    return turn === this.#turn && !this.#closed.signal.aborted;
  }

  /** A missing conversation stays missing until it is opened again. */
  #become(activity: Activity): void {
    if (this.activity.kind === 'missing' && activity.kind !== 'loading') return;
    this.state.setState({ activity });
  }

  /** Asks for a reply and follows it. False if the server has not accepted `message`, or something else is under way. */
  async #ask(request: () => Promise<void>, purpose: Purpose, message: Sending | null = null): Promise<boolean> {
    if (this.busy || (this.activity.kind === 'preparing' && message === null)) return false;
    const turn = this.#begin({ kind: 'asking', message });
    // An answer to "does a reply run?" that arrived now would be mistaken for this one's.
    await this.chat.stop();
    if (!this.#isNewest(turn)) return false;
    this.state.setState(({ sent }) => ({ sent: sent + 1 }));
    const error = await this.#outcome(request);
    if (!this.#isNewest(turn)) return false;
    if (isModelGone(error)) this.#events.onModelGone?.();
    const unsent = unsentIn(this.activity);
    if (unsent !== null) {
      this.chat.messages = unsent.before;
      this.#giveBack(unsent.id, error);
    } else {
      if (error instanceof LostConnectionError && this.#sessionId !== null) await this.#reconnect();
      this.#end(turn, purpose, error instanceof LostConnectionError ? this.chat.error : error);
    }
    if (isRefusal(error) && error.status === 409) {
      const read = this.open();
      if (unsent === null) await read; // otherwise the message waits, but not its sender
    }
    this.#events.onProgress();
    return unsent === null;
  }

  /** Returns why a request of the chat has failed. */
  #outcome(request: () => Promise<void>): Promise<Error | undefined> {
    return request().then(
      () => this.chat.error,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** A request has ended. */
  #end(turn: number, purpose: Purpose, error: Error | undefined): void {
    if (!this.#isNewest(turn)) return;
    if (this.chat.status === 'ready') this.#adoptId();
    this.#storedId = null;
    this.chat.clearError();
    // Not knowing whether a reply is running matters only if one is awaited.
    const idle = error === undefined || isRefusal(error) || (purpose === 'look' && !this.#unanswered && isPassing(error));
    this.#become(idle ? { kind: 'idle' } : { kind: 'failed', purpose, error });
    if (isGone(error)) void this.pages.look();
  }

  /** From now on the message is shown among the unsent ones. */
  #giveBack(messageId: string, error: unknown): void {
    this.chat.clearError();
    this.#become({ kind: 'idle' });
    this.#events.onNotSent(messageId, error);
    if (isGone(error)) void this.pages.look();
  }

  /** The question gets its final id, so whatever begins with it, such as an edit, survives a reload. */
  #adoptId(): void {
    if (this.#storedId !== null) this.chat.messages = withNamedQuestion(this.chat.messages, this.#storedId);
  }

  async #reconnect(): Promise<void> {
    let furthest = sizeOf(this.chat.messages.at(-1));
    for (let attempt = 0; !this.#closed.signal.aborted; attempt++) {
      this.#become({ kind: 'reconnecting', away: attempt > 0 });
      await connectionPause(waits[Math.min(attempt, waits.length - 1)] ?? 0, this.#closed.signal);
      await this.chat.resumeStream();
      if (!isPassing(this.chat.error)) break;
      // A proxy may cut every reply after a while; that is no reason to wait ever longer.
      const reached = sizeOf(this.chat.messages.at(-1));
      if (reached > furthest) attempt = -1;
      furthest = Math.max(furthest, reached);
    }
    if (this.chat.status === 'ready') await this.pages.reread();
  }

  /** Joins a running reply. */
  async #look(): Promise<void> {
    // A later check sees a later state of the server, so it replaces one that is running.
    if (this.#sessionId === null || !this.pages.atEnd || !isOpen(this.activity) || (this.#engaged && this.activity.kind !== 'looking')) return;
    const turn = this.#begin({ kind: 'looking', awaited: this.#unanswered });
    await this.chat.resumeStream();
    if (!this.#isNewest(turn)) return;
    const { error } = this.chat;
    if (error instanceof LostConnectionError || isThrottled(error)) await this.#reconnect();
    // Nothing is running, but a question has no reply: the reply ended between our two requests.
    if (this.chat.status === 'ready' && this.#unanswered) await this.pages.reread();
    this.#end(turn, 'look', this.chat.error);
    if (!this.#closed.signal.aborted) this.#events.onProgress();
  }

  /** Runs a request that makes a branch; only the stored messages show the branches beside it. */
  async #branch(request: () => Promise<void>): Promise<void> {
    if (this.#engaged) return;
    await this.pages.goToEnd();
    if ((await this.#ask(request, 'reply')) && this.activity.kind !== 'failed') await this.pages.reread();
  }
}
