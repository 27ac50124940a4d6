/**
 * Several tabs of one browser and their server, in one process and with a clock of its own. Every step between them takes as long as chance, or the
 * test, decides: a request, its answer, a message from another tab, storage, a lock. So every possible order occurs sooner or later, and the same
 * seed gives the same one.
 */
import { vi } from 'vitest';
import type { Message } from '../api/messages';

type Kind = 'request' | 'answer' | 'news' | 'storage' | 'lock';

export interface Tab {
  name: string;
  outbox: typeof import('./outbox');
  delivery: typeof import('./delivery');
  conversations: typeof import('./conversation');
  auth: typeof import('./auth');
  closed: boolean;
  /** The longest duration of each kind of step of this tab, in milliseconds. */
  slowness: Record<Kind, number>;
  /** The kinds of steps that never end. */
  stuck: Set<Kind>;
}

interface Stored extends Message {
  clientId?: string;
}

interface Reply {
  id: string;
  chunks: string[];
  readers: Set<(chunk: string | null) => void>;
  text: string;
}

const realImmediate = setImmediate;
const line = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`;
const user = { id: '1', username: 'ada' };

export class World {
  readonly tabs: Tab[] = [];
  /** The server's data. */
  readonly messages: Stored[] = [];
  readonly storage = new Map<string, unknown>();
  storageFull = false;
  /** The server's answer to every message, if it refuses them. */
  refuses: (() => Response) | null = null;
  /** How often a message was sent. */
  posts = 0;
  running: Reply | null = null;
  /** The duration of a reply. */
  replyMs = 5000;
  locksAsked = 0;
  readonly held = new Set<string>();
  #channels: { name: string; tab: Tab; listeners: ((event: { data: unknown }) => void)[] }[] = [];
  #building!: Tab;
  #lastId = 100;
  #changes = 0;
  #state: number;
  /** For ordered steps: when the last one was delivered. */
  readonly #order = new Map<string, number>();

  constructor(seed: number) {
    this.#state = seed * 2654435761 + 1;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'], now: 1_700_000_000_000 });
    const world = this;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => this.#fetch(url, init));
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        readonly #channel = { name: '', tab: world.#building, listeners: [] as ((event: { data: unknown }) => void)[] };
        constructor(name: string) {
          this.#channel.name = name;
          world.#channels.push(this.#channel);
        }
        addEventListener(_: string, listener: (event: { data: unknown }) => void): void {
          this.#channel.listeners.push(listener);
        }
        postMessage(data: unknown): void {
          if (!this.#channel.tab.closed) world.#tell(this.#channel, data);
        }
      },
    );
    Object.defineProperty(navigator, 'locks', { configurable: true, value: { request: (name: string, options: LockOptions, work: (lock: object | null) => unknown) => this.#lock(name, options, work) } });
  }

  end(): void {
    Reflect.deleteProperty(navigator, 'locks');
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.doUnmock('../kept/shelf');
  }

  /** From 0 to below `max`. */
  chance(max: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * max);
  }

  async open(name: string, sessionId: string): Promise<Tab> {
    const tab = { name, closed: false, slowness: { request: 1, answer: 1, news: 1, storage: 1, lock: 1 }, stuck: new Set<Kind>() } as Tab;
    this.#building = tab;
    vi.resetModules();
    vi.doMock('../kept/shelf', () => this.#shelf(tab));
    const { keepLogin } = await import('../api/token');
    keepLogin({ accessToken: name, expiresIn: 1e9, user });
    Object.assign(tab, {
      outbox: await import('./outbox'),
      delivery: await import('./delivery'),
      conversations: await import('./conversation'),
      auth: await import('./auth'),
    });
    const { useSessionStore } = await import('./sessions');
    const { followElsewhere } = await import('./elsewhere');
    tab.auth.useAuth.setState({ phase: 'in', user });
    useSessionStore.subscribe((now, before) => now.currentSessionId !== before.currentSessionId && tab.conversations.followCurrentSession());
    followElsewhere();
    tab.delivery.keepDelivering();
    void tab.outbox.loadOutbox(user.id);
    useSessionStore.getState().setCurrentSession(sessionId);
    this.tabs.push(tab);
    return tab;
  }

  write(tab: Tab, text: string): Promise<void> {
    const { conversation } = tab.conversations.useConversation.getState();
    return tab.delivery.send(conversation, user.id, { text, files: [], edits: null }, () => {});
  }

  /** Its requests break off, its locks are released, and it does nothing any more. */
  close(tab: Tab): void {
    tab.closed = true;
    tab.auth.useAuth.setState({ phase: 'out' });
    this.held.clear();
  }

  shown(tab: Tab): string[] {
    return tab.conversations.useConversation.getState().conversation.chat.messages.map(textOf);
  }

  unsent(tab: Tab): string[] {
    return tab.outbox.useOutbox.getState().entries.map(({ text }) => text);
  }

  get said(): string[] {
    return this.messages.map(textOf);
  }

  /** Lets this much time pass, or less if `done` becomes true. Returns whether it did. */
  async pass(ms: number, done: () => boolean = () => false): Promise<boolean> {
    const end = performance.now() + ms;
    await settle();
    while (performance.now() < end && !done()) {
      vi.advanceTimersToNextTimer();
      await settle();
    }
    return done();
  }

  /** Lets time pass until this is done. */
  async done<T>(work: Promise<T>): Promise<T> {
    let over = false;
    void work.finally(() => (over = true)).catch(() => undefined);
    if (!(await this.pass(60_000, () => over))) throw new Error('it never ends');
    return work;
  }

  // ---- the steps

  /** Calls `work` when this step is over; steps with the same `order` come one after another. */
  #later(tab: Tab, kind: Kind, order: string | null, work: () => void): void {
    if (tab.closed || tab.stuck.has(kind)) return;
    const at = Math.max(performance.now() + this.chance(tab.slowness[kind]), order === null ? 0 : (this.#order.get(order) ?? 0));
    if (order !== null) this.#order.set(order, at);
    setTimeout(() => !tab.closed && work(), at - performance.now());
  }

  #step(tab: Tab, kind: Kind, order: string | null = null): Promise<void> {
    return new Promise((resolve) => this.#later(tab, kind, order, resolve));
  }

  #tell(from: { name: string; tab: Tab }, data: unknown): void {
    for (const to of this.#channels) {
      if (to === from || to.name !== from.name || to.tab === from.tab) continue;
      this.#later(to.tab, 'news', `news ${from.tab.name} ${to.tab.name} ${to.name}`, () => to.listeners.forEach((listener) => listener({ data })));
    }
  }

  async #lock(name: string, { ifAvailable }: LockOptions, work: (lock: object | null) => unknown): Promise<unknown> {
    this.locksAsked++;
    await new Promise((resolve) => setTimeout(resolve, this.chance(Math.max(...this.tabs.map(({ slowness }) => slowness.lock)))));
    if (ifAvailable === true && this.held.has(name)) return work(null);
    while (this.held.has(name)) await new Promise((resolve) => setTimeout(resolve, 1));
    this.held.add(name);
    try {
      return await work({ name });
    } finally {
      this.held.delete(name);
    }
  }

  /** All transactions of all tabs run one after another; a tab learns of the end of each a little later. */
  #shelf(tab: Tab): Record<string, unknown> {
    const transaction = async <T>(work: () => T): Promise<T> => {
      await this.#step(tab, 'storage', 'storage');
      const result = work();
      await this.#step(tab, 'storage', `storage of ${tab.name}`);
      return result;
    };
    const put = (key: string, value: unknown): boolean => {
      if (this.storageFull) return false;
      this.storage.set(key, structuredClone(value));
      return true;
    };
    return {
      keep: (key: string, value: unknown) => transaction(() => put(key, value)),
      keepChanged: (key: string, value: unknown) => transaction(() => (this.storage.has(key) ? put(key, value) : null)),
      drop: (keys: string[]) => transaction(() => keys.forEach((key) => this.storage.delete(key))),
      dropAll: (prefix: string) => transaction(() => [...this.storage.keys()].forEach((key) => key.startsWith(prefix) && this.storage.delete(key))),
      isKept: (key: string) => transaction(() => this.storage.has(key)),
      readKept: (prefix: string) => transaction(() => structuredClone([...this.storage].filter(([key]) => key.startsWith(prefix)))),
    };
  }

  // ---- the server

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const name = new Headers(init.headers).get('authorization')?.slice('Bearer '.length);
    const tab = this.tabs.find((each) => each.name === name) ?? this.#building;
    const aborted = new Promise<never>((_, reject) => {
      const stop = (): void => reject(new DOMException('aborted', 'AbortError'));
      if (init.signal?.aborted) stop();
      init.signal?.addEventListener('abort', stop);
    });
    aborted.catch(() => undefined);
    await Promise.race([this.#step(tab, 'request'), aborted]);
    const answer = this.#answer(tab, `${init.method} ${url.replace(/^.*\/api\/|\?.*/g, '')}`, init);
    await Promise.race([this.#step(tab, 'answer'), aborted]);
    return answer;
  }

  #answer(tab: Tab, route: string, init: RequestInit): Response {
    const session = { id: '42', title: 'A chat', createTime: '2026', updateTime: String(1e6 + this.#changes), status: this.running ? 'streaming' : 'idle', pinned: false, archived: false };
    switch (route) {
      case 'GET ai/sessions':
        return Response.json([session]);
      case 'GET ai/sessions/42':
        return Response.json(session);
      case 'GET ai/sessions/42/messages':
        return Response.json(this.messages.map(({ clientId: _, ...message }) => message));
      case 'GET ai/chat/42/stream':
        return this.running === null ? new Response(null, { status: 204 }) : this.#stream(tab, this.running, init);
      case 'POST ai/chat/42/stop':
        this.#endReply();
        return new Response(null, { status: 204 });
      case 'POST ai/chat':
        return this.#post(tab, init);
      default:
        throw new Error(`unexpected ${route}`);
    }
  }

  #post(tab: Tab, init: RequestInit): Response {
    this.posts++;
    if (this.refuses !== null) return this.refuses();
    const { messages } = JSON.parse(String(init.body)) as { messages: Message[] };
    const last = messages.at(-1);
    const index = this.messages.findIndex(({ clientId }) => clientId === last?.id);
    if (index >= 0) {
      const reply = this.messages[index + 1];
      if (reply === undefined && this.running !== null) return this.#stream(tab, this.running, init);
      const done: Reply = { id: reply?.id ?? '0', text: '', readers: new Set(), chunks: this.#chunksOf(reply) };
      return this.#stream(tab, done, init, true);
    }
    if (this.running !== null) return Response.json({ code: 'reply_running' }, { status: 409 });
    this.messages.push({ id: String(++this.#lastId), role: 'user', parts: last?.parts ?? [], clientId: String(last?.id) });
    this.#changes++;
    return this.#stream(tab, this.#startReply(textOf(last)), init);
  }

  #chunksOf(reply: Message | undefined): string[] {
    const text = reply === undefined ? '' : textOf(reply);
    return [...head(reply?.id ?? '0', [String(this.#lastId)]), line({ type: 'text-delta', id: 't', delta: text }), ...tail];
  }

  #startReply(question: string): Reply {
    const id = String(++this.#lastId);
    const reply: Reply = { id, text: `Of ${question}`, readers: new Set(), chunks: [...head(id, [String(this.#lastId - 1)]), line({ type: 'text-delta', id: 't', delta: 'Of ' })] };
    this.running = reply;
    setTimeout(() => this.running === reply && this.#endReply(), this.replyMs);
    return reply;
  }

  #endReply(): void {
    const reply = this.running;
    if (reply === null) return;
    this.running = null;
    this.#changes++;
    this.messages.push({ id: reply.id, role: 'assistant', parts: [{ type: 'text', text: reply.text, state: 'done' }], metadata: { status: 'complete' } });
    for (const chunk of [line({ type: 'text-delta', id: 't', delta: reply.text.slice('Of '.length) }), ...tail]) reply.readers.forEach((reader) => reader(chunk));
    reply.readers.forEach((reader) => reader(null));
  }

  /** The reply from its beginning. */
  #stream(tab: Tab, reply: Reply, init: RequestInit, ended = false): Response {
    const order = `stream ${this.chance(1e9)}`;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const reader = (chunk: string | null): void =>
          this.#later(tab, 'answer', order, () => {
            if (init.signal?.aborted) return;
            if (chunk === null) controller.close();
            else controller.enqueue(new TextEncoder().encode(chunk));
          });
        init.signal?.addEventListener('abort', () => {
          reply.readers.delete(reader);
          controller.error(new DOMException('aborted', 'AbortError'));
        });
        reply.chunks.forEach(reader);
        if (ended) reader(null);
        else reply.readers.add(reader);
      },
    });
    return new Response(body, { headers: { 'x-session-id': '42' } });
  }
}

const head = (id: string, userMessageIds: string[]): string[] => [
  line({ type: 'start', messageId: id }),
  line({ type: 'data-session', data: { sessionId: '42', userMessageIds }, transient: true }),
  line({ type: 'text-start', id: 't' }),
];
const tail = [line({ type: 'text-end', id: 't' }), line({ type: 'finish', finishReason: 'stop' })];

function textOf(message: Message | undefined): string {
  return message?.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('') ?? '';
}

/** Lets everything happen that needs no time. */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => realImmediate(resolve));
}
