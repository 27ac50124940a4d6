/**
 * Messages that their writer has sent and the server does not have yet. They are stored (kept/shelf.ts) before they are sent and until the server has
 * acknowledged them, always with the same id, so that the server stores them once. stores/delivery.ts sends them.
 */
import { create } from 'zustand';
import type { Outgoing } from '../api/chat';
import { ApiError, isModelGone, sentenceOf } from '../api/problem';
import type { Conversation } from '../chat/conversation';
import { drop, dropAll, keep, keepChanged, readKept } from '../kept/shelf';

export interface Unsent extends Outgoing {
  userId: string;
  /** The page's id for the conversation, which identifies a new one until the server has created its session. */
  chatId: string;
  sessionId: string | null;
  /** When it was first sent, by this browser's clock, which may be changed; */
  time: number;
  /** so messages are sorted by this number: greater than that of all earlier messages. */
  order?: number;
  /** "waiting": sent automatically as soon as possible; "held": sent only when its writer asks. */
  state: 'waiting' | 'held';
  /** Why it could not be sent. */
  reason: string | null;
  /** It waits until another model is picked. */
  modelGone?: boolean;
  /** Not in storage: it is lost with this page. */
  fleeting?: true;
}

export const useOutbox = create<{ entries: Unsent[] }>()(() => ({ entries: [] }));

const prefix = (userId: string): string => `outbox/${userId}/`;
export const outboxPlace = ({ userId, id }: Pick<Unsent, 'userId' | 'id'>): string => prefix(userId) + id;

/** Tells other tabs that the outbox of this user has changed. */
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('lamplight.outbox');

let owner: string | null = null;

/** What a tab has changed: its messages are in storage, or gone; and the session that a message has created. */
interface News {
  userId: string;
  gone?: string[];
  sent?: { chatId: string; sessionId: string };
}

/** What this tab has changed, and storage may not have yet: the present messages, or null if they are gone. */
const changes = new Map<string, Unsent | null>();

let onSentElsewhere: (chatId: string, sessionId: string) => void = () => {};

/** Called when another tab has sent a message. */
export function whenSentElsewhere(listener: (chatId: string, sessionId: string) => void): void {
  onSentElsewhere = listener;
}

channel?.addEventListener('message', ({ data }: MessageEvent<News>) => {
  if (data.userId !== owner) return;
  // The tab that said so may have been closed since.
  if (data.gone !== undefined) void dropNow(data.userId, data.gone);
  else void loadOutbox(owner);
  if (data.sent !== undefined) onSentElsewhere(data.sent.chatId, data.sent.sessionId);
});

/** The messages of the user who has logged in replace the earlier ones. */
export async function loadOutbox(userId: string): Promise<void> {
  if (owner !== userId) useOutbox.setState({ entries: [] });
  owner = userId;
  const kept = await readKept(prefix(userId));
  if (owner !== userId || kept === null) return;
  // What this tab has changed since the request is newer than the answer.
  const entries = new Map(kept.map(([, value]) => [(value as Unsent).id, value as Unsent]));
  for (const entry of useOutbox.getState().entries) if (entry.fleeting === true) entries.set(entry.id, entry);
  for (const [id, entry] of changes) {
    if (entry === null) entries.delete(id);
    else if (entry.userId === userId) entries.set(id, entry);
  }
  show([...entries.values()]);
}

/** Other tabs may have sent messages while this one slept. */
export function reloadOutbox(): void {
  if (owner !== null) void loadOutbox(owner);
}

/** Nothing of them is shown or sent until their writer is back. */
export function leaveOutbox(): void {
  owner = null;
  useOutbox.setState({ entries: [] });
}

/** Resolves when it is as safe as this browser can make it. */
export async function addUnsent(entry: Unsent): Promise<void> {
  const { entries } = useOutbox.getState();
  const added = { ...entry, order: entry.order ?? 1 + Math.max(0, ...entries.map(({ order }) => order ?? 0)) };
  show([...entries, added]);
  await save(added, keep);
}

/** It was discarded, and is wanted after all: it is restored where and as it was. */
export function restoreUnsent({ fleeting: _, ...entry }: Unsent): Promise<void> {
  return addUnsent(entry);
}

/** Changes the state of a message; one that is gone stays gone. */
export async function changeUnsent(id: string, change: Partial<Unsent>): Promise<void> {
  const entry = find(id);
  if (entry === undefined || Object.entries(change).every(([name, value]) => entry[name as keyof Unsent] === value)) return;
  const changed = { ...entry, ...change };
  put(changed);
  if (changed.fleeting !== true) await save(changed, keepChanged);
}

/** The server has it. What was written after it in the same new conversation belongs to the session that it has created. */
export function acknowledged(id: string, sessionId: string | null): void {
  const entry = find(id);
  if (entry === undefined) return;
  forget([entry], sessionId === null ? undefined : { chatId: entry.chatId, sessionId });
  if (entry.sessionId !== null || sessionId === null) return;
  for (const later of useOutbox.getState().entries) if (later.chatId === entry.chatId) void changeUnsent(later.id, { sessionId });
}

/**
 * It could not be sent. Temporary reasons are waited out: no network, no log-in, a server that is away, another running reply. null: its conversation
 * was left; undefined: its writer has stopped it.
 */
export function notSent(id: string, error: unknown): void {
  const seconds = error instanceof ApiError ? error.waitSeconds : undefined;
  if (seconds === undefined) askedWaits.delete(id);
  else askedWaits.set(id, { seconds, since: Date.now() });
  if (error === undefined) return void changeUnsent(id, { state: 'held', reason: null });
  const passes = !(error instanceof ApiError) || [401, 429].includes(error.status) || error.status >= 500 || error.code === 'reply_running';
  void changeUnsent(id, { state: passes ? 'waiting' : 'held', reason: error === null ? null : sentenceOf(error), ...(isModelGone(error) && { modelGone: true }) });
}

/** How many seconds are left of the time that the server asked to wait when it last refused this message, also after the machine has slept. */
export function askedWait(id: string): number {
  const { seconds, since } = askedWaits.get(id) ?? { seconds: 0, since: 0 };
  return Math.min(seconds, Math.max(0, seconds - (Date.now() - since) / 1000));
}

const askedWaits = new Map<string, { seconds: number; since: number }>();

export function discard(id: string): void {
  const entry = find(id);
  if (entry !== undefined) forget([entry]);
}

/** Drops the messages of deleted sessions. */
export function discardOf(sessionIds: readonly string[]): void {
  forget(useOutbox.getState().entries.filter(({ sessionId }) => sessionId !== null && sessionIds.includes(sessionId)));
}

/** Their session was deleted elsewhere: they belong to a new chat now, and wait for their writer. */
export function keepOf(goneId: string, reason: string): void {
  const left = useOutbox.getState().entries.filter(({ sessionId }) => sessionId === goneId);
  const chatId = left[0]?.id;
  for (const { id } of left) if (chatId !== undefined) void changeUnsent(id, { sessionId: null, chatId, edits: null, state: 'held', reason });
}

/** Deletes everything of a user, whose account is deleted. */
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
  useOutbox.setState({ entries: [...entries].sort((a, b) => (a.order ?? 0) - (b.order ?? 0) || a.time - b.time) });
}

function put(entry: Unsent): void {
  show(useOutbox.getState().entries.map((each) => (each.id === entry.id ? entry : each)));
}

async function save(entry: Unsent, write: typeof keepChanged): Promise<void> {
  changes.set(entry.id, entry);
  const kept = await write(outboxPlace(entry), entry);
  if (kept === false && write === keep) return stayHere(entry);
  if (changes.get(entry.id) !== entry) return; // it was changed, sent or discarded meanwhile
  changes.delete(entry.id);
  // Another tab has sent or discarded it.
  if (kept === null) useOutbox.setState(({ entries }) => ({ entries: entries.filter(({ id }) => id !== entry.id) }));
  tell({ userId: entry.userId });
}

/** The browser stores neither the message nor its changes. */
function stayHere({ id }: Unsent): void {
  const shown = find(id);
  if (shown !== undefined) put({ ...shown, fleeting: true });
  if (changes.get(id) !== null) changes.delete(id);
}

function tell(news: News): void {
  channel?.postMessage(news);
}

/** All tabs learn of it at once, and not only when storage has deleted it: this tab may be closed by then. */
function forget(entries: Unsent[], sent?: News['sent']): void {
  const [first] = entries;
  if (first === undefined) return;
  const gone = entries.map(({ id }) => id);
  tell({ userId: first.userId, gone, ...(sent !== undefined && { sent }) });
  void dropNow(first.userId, gone);
}

async function dropNow(userId: string, gone: string[]): Promise<void> {
  for (const id of gone) {
    changes.set(id, null);
    askedWaits.delete(id);
  }
  useOutbox.setState((state) => ({ entries: state.entries.filter(({ id }) => !gone.includes(id)) }));
  await drop(gone.map((id) => outboxPlace({ userId, id })));
  for (const id of gone) changes.delete(id);
}
