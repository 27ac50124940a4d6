/**
 * Messages that their writer has sent and the server does not have yet. They are kept (kept/shelf.ts) before they go out and until
 * the server has acknowledged them, always under the same id, so that they are taken once. stores/delivery.ts sends them.
 */
import { create } from 'zustand';
import type { Outgoing } from '../api/chat';
import { ApiError, sentenceOf } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { drop, dropAll, keep, readKept } from '../kept/shelf';

export interface Unsent extends Outgoing {
  userId: string;
  /** The page's name for the conversation: it is what a new one is known by until the server has made its session. */
  chatId: string;
  sessionId: string | null;
  /** When it was sent first, by this browser's clock. */
  time: number;
  /** "waiting": goes by itself as soon as it can; "held": only when its writer says so. */
  state: 'waiting' | 'held';
  /** Why it could not be sent. */
  reason: string | null;
  /** Not in storage: it is gone with this page. */
  fleeting?: true;
}

export const useOutbox = create<{ entries: Unsent[] }>()(() => ({ entries: [] }));

const prefix = (userId: string): string => `outbox/${userId}/`;
export const outboxPlace = ({ userId, id }: Unsent): string => prefix(userId) + id;

/** Tabs tell each other that the box of this user is another one now. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lamplight.outbox');

let owner: string | null = null;

/** What a tab has changed, and where the message is now that it has sent. */
interface News {
  userId: string;
  sent?: { chatId: string; sessionId: string };
}

let onSentElsewhere: (chatId: string, sessionId: string) => void = () => {};

/** Called when another tab has sent a message. */
export function whenSentElsewhere(listener: (chatId: string, sessionId: string) => void): void {
  onSentElsewhere = listener;
}

channel?.addEventListener('message', ({ data }: MessageEvent<News>) => {
  if (data.userId !== owner) return;
  void loadOutbox(owner).then(() => data.sent !== undefined && onSentElsewhere(data.sent.chatId, data.sent.sessionId));
});

/** The messages of whoever has logged in take the place of what was there. */
export async function loadOutbox(userId: string): Promise<void> {
  if (owner !== userId) useOutbox.setState({ entries: [] });
  owner = userId;
  const kept = (await readKept(prefix(userId))).map(([, value]) => value as Unsent);
  if (owner !== userId) return;
  const fleeting = useOutbox.getState().entries.filter(({ fleeting }) => fleeting === true);
  show([...kept, ...fleeting]);
}

/** Nothing of them is shown or sent until their writer is back. */
export function leaveOutbox(): void {
  owner = null;
  useOutbox.setState({ entries: [] });
}

/** Resolves when it is as safe as this browser makes it. */
export async function addUnsent(entry: Unsent): Promise<void> {
  show([...useOutbox.getState().entries, entry]);
  await save(entry);
}

/** Changes what is known of a message; one that is gone stays gone. */
export function changeUnsent(id: string, change: Partial<Unsent>): Promise<void> {
  const entry = find(id);
  if (entry === undefined || Object.entries(change).every(([name, value]) => entry[name as keyof Unsent] === value)) return Promise.resolve();
  const changed = { ...entry, ...change };
  show(useOutbox.getState().entries.map((each) => (each.id === id ? changed : each)));
  return save(changed);
}

/** The server has it. What was written after it in the same new conversation belongs to the session that it has made. */
export function acknowledged(id: string, sessionId: string | null): void {
  const entry = find(id);
  if (entry === undefined) return;
  forget([entry], sessionId === null ? undefined : { chatId: entry.chatId, sessionId });
  if (entry.sessionId !== null || sessionId === null) return;
  for (const later of useOutbox.getState().entries) if (later.chatId === entry.chatId) void changeUnsent(later.id, { sessionId });
}

/** It could not be sent. What passes by itself is waited for: no network, no log-in, a server that is away, another reply that runs. */
export function notSent(id: string, error: unknown): void {
  const passes = !(error instanceof ApiError) || [401, 429].includes(error.status) || error.status >= 500 || error.code === 'reply_running';
  void changeUnsent(id, { state: passes ? 'waiting' : 'held', reason: error === null ? null : sentenceOf(error) });
}

export function discard(id: string): void {
  const entry = find(id);
  if (entry !== undefined) forget([entry]);
}

/** Its sessions are deleted. */
export function discardOf(sessionIds: readonly string[]): void {
  forget(useOutbox.getState().entries.filter(({ sessionId }) => sessionId !== null && sessionIds.includes(sessionId)));
}

/** Nothing of a user's stays: the account is deleted. */
export function forgetOutbox(userId: string): Promise<void> {
  leaveOutbox();
  return dropAll(prefix(userId));
}

/** The messages of one conversation. */
export function unsentOf(entries: Unsent[], { sessionId, chat }: Conversation): Unsent[] {
  return entries.filter((entry) => isOf(entry, sessionId, chat.id));
}

export function isOf(entry: Unsent, sessionId: string | null, chatId: string): boolean {
  return entry.sessionId === null ? entry.chatId === chatId : entry.sessionId === sessionId;
}

function find(id: string): Unsent | undefined {
  return useOutbox.getState().entries.find((entry) => entry.id === id);
}

/** In the order in which they were written. */
function show(entries: Unsent[]): void {
  useOutbox.setState({ entries: [...entries].sort((a, b) => a.time - b.time) });
}

async function save(entry: Unsent): Promise<void> {
  const kept = await keep(outboxPlace(entry), entry);
  // It may have been sent meanwhile.
  if (find(entry.id) === undefined) await drop([outboxPlace(entry)]);
  else if (!kept && entry.fleeting !== true) show(useOutbox.getState().entries.map((each) => (each.id === entry.id ? { ...each, fleeting: true as const } : each)));
  tell({ userId: entry.userId });
}

function tell(news: News): void {
  channel?.postMessage(news);
}

function forget(entries: Unsent[], sent?: News['sent']): void {
  const [first] = entries;
  if (first === undefined) return;
  const gone = new Set(entries.map(({ id }) => id));
  useOutbox.setState((state) => ({ entries: state.entries.filter(({ id }) => !gone.has(id)) }));
  void drop(entries.map(outboxPlace)).then(() => tell({ userId: first.userId, ...(sent !== undefined && { sent }) }));
}
