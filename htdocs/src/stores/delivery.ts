/**
 * Sends what is in the outbox: with the conversation on screen, or in the background. It sends one message of a conversation at a time, in the order
 * in which they were written; messages that cannot be sent yet are tried again when the network, the page or the log-in is back, and after a while.
 */
import { create } from 'zustand';
import { postMessage, type Outgoing } from '../api/chat';
import { isFree } from '../chat/activity';
import type { Conversation } from '../chat/conversation';
import { isKept } from '../kept/shelf';
import { hasUnkeptFiles, useAttachments } from './attachments';
import { useAuth } from './auth';
import { takeAlong, useConversation } from './conversation';
import { draftKey, draftKeyOf, useDrafts } from './drafts';
import { acknowledged, addUnsent, askedWait, changeUnsent, discard, isOf, notSent, outboxPlace, reloadOutbox, unsentOf, useOutbox, whenSentElsewhere, type Unsent } from './outbox';
import { choiceOf } from './models';
import { refreshSessions } from './sessionPages';
import { useSessionStore } from './sessions';

/** The messages that this tab is sending at this moment. */
export const useDelivery = create<{ underWay: ReadonlySet<string> }>()(() => ({ underWay: new Set() }));

const waits = [5_000, 15_000, 30_000, 60_000];
/** After this time nobody expects a message to be sent automatically. */
const oldest = 24 * 3600 * 1000;
const lookEvery = 1000;

/** How often each message has failed, and when it may be tried again, by the monotonic clock. */
const tries = new Map<string, { count: number; next: number }>();

/** Takes a message over from the place where it was written: it is stored before it disappears from there. */
export async function send(conversation: Conversation, userId: string, message: Omit<Outgoing, 'id'>, written: () => void): Promise<void> {
  const { sessionId, chat } = conversation;
  const entry: Unsent = { ...message, id: chat.generateId(), ...(sessionId === null && { choice: choiceOf(conversation) }), userId, chatId: chat.id, sessionId, time: Date.now(), state: 'waiting', reason: null };
  await addUnsent(entry);
  written();
  deliver();
}

/** The writer has asked to send it, however old it is. */
const asked = new Set<string>();

/** Sends as its writer asks: whatever was in the way, and even if a reply is running. */
export async function sendNow(entry: Unsent): Promise<void> {
  const { conversation } = useConversation.getState();
  tries.delete(entry.id);
  asked.add(entry.id);
  await changeUnsent(entry.id, { state: 'waiting', reason: null, ...(entry.modelGone === true && { modelGone: false }) });
  if (isOf(entry, conversation.sessionId, conversation.chat.id)) {
    if (conversation.busy) await conversation.stop();
    else conversation.dismiss();
  }
  deliver();
}

/** Stops the running reply; the message that should follow it waits for its writer. */
export async function stopReply(conversation: Conversation): Promise<void> {
  for (const { id, state } of unsentOf(useOutbox.getState().entries, conversation)) if (state === 'waiting') void changeUnsent(id, { state: 'held' });
  await conversation.stop();
}

/** Puts it back where it was written. False if that is too late, because another tab is sending it. */
export function takeBack(entry: Unsent): Promise<boolean> {
  return withdraw(entry, () => {
    const { drafts, setDraft } = useDrafts.getState();
    const key = entry.edits === null ? draftKey(entry.userId, entry.sessionId) : draftKeyOf(entry.userId, 'edit', entry.edits);
    setDraft(key, entry.edits !== null ? entry.text : [entry.text, drafts[key]].filter(Boolean).join('\n\n'));
    if (entry.edits === null && entry.files.length > 0) useAttachments.getState().put(key, entry.files);
  });
}

/** Its writer does not want it any more. False as above. */
export function throwAway(entry: Unsent): Promise<boolean> {
  return withdraw(entry, () => {});
}

function withdraw(entry: Unsent, work: () => void): Promise<boolean> {
  const alone = async (): Promise<boolean> => {
    const there = entry.fleeting === true || (await isKept(outboxPlace(entry))) !== false;
    if (there) work();
    discard(entry.id);
    return there;
  };
  return holding(entry, alone, () => Promise.resolve(false));
}

/** Sends everything that can be sent. */
function deliver(): void {
  if (useAuth.getState().phase !== 'in') return;
  const first = new Map<string, Unsent>();
  for (const entry of useOutbox.getState().entries) {
    const key = entry.sessionId ?? entry.chatId;
    if (goesByItself(entry) && !first.has(key)) first.set(key, entry);
  }
  for (const entry of first.values()) if (isDue(entry)) void take(entry);
}

/** From now on, tries whenever there is a chance. */
export function keepDelivering(): void {
  const hope = (): void => {
    if (document.visibilityState !== 'visible') return;
    for (const id of tries.keys()) if (askedWait(id) === 0) tries.delete(id); // what the server has asked for still holds
    reloadOutbox();
    deliver();
  };
  window.addEventListener('online', hope);
  useAuth.subscribe(({ phase }, before) => phase === 'in' && before.phase !== 'in' && hope());
  document.addEventListener('visibilitychange', hope);
  setInterval(deliver, lookEvery);
  whenSentElsewhere((chatId, sessionId) => {
    const { conversation } = useConversation.getState();
    if (conversation.sessionId === null && conversation.chat.id === chatId) {
      takeAlong(chatId, sessionId);
      useSessionStore.getState().setCurrentSession(sessionId);
    } else if (conversation.sessionId === sessionId) void conversation.catchUp();
    void refreshSessions();
  });
  window.addEventListener('beforeunload', (event) => {
    const fleeting = useOutbox.getState().entries.some((entry) => entry.fleeting === true);
    if (fleeting || useDrafts.getState().unkept || hasUnkeptFiles()) event.preventDefault();
  });
}

function goesByItself(entry: Unsent): boolean {
  return entry.state === 'waiting' && (asked.has(entry.id) || (isRecent(entry) && !isFirstChanged(entry)));
}

function isDue({ id }: Unsent): boolean {
  return !useDelivery.getState().underWay.has(id) && performance.now() >= (tries.get(id)?.next ?? 0);
}

/** By this browser's clock, which may have been changed since. */
export function isRecent({ time }: Unsent): boolean {
  return Math.abs(Date.now() - time) < oldest;
}

/** The server would accept a change of the very first message again and again; so it is sent once, and after that only if its writer asks. */
function isFirstChanged(entry: Unsent): boolean {
  if (entry.edits === null) return false;
  const { messages } = useConversation.getState().conversation.chat;
  return entry.reason !== null && messages.findIndex(({ id }) => id === entry.edits) <= 0;
}

async function take(entry: Unsent): Promise<void> {
  const { conversation } = useConversation.getState();
  const here = isOf(entry, conversation.sessionId, conversation.chat.id);
  if (here && !isFree(conversation.activity)) return;
  if (!here && entry.edits !== null) return; // it needs the messages before it
  mark(entry.id, true);
  let mine = true;
  try {
    mine = await oneTab(entry, () => (here ? conversation.send(entry) : post(entry)));
  } finally {
    mark(entry.id, false);
    settle(entry.id, mine);
  }
  deliver();
}

/** A message that is still there could not be sent, or another tab is sending it, so it waits. */
function settle(id: string, mine: boolean): void {
  const entry = useOutbox.getState().entries.find((each) => each.id === id);
  if (entry === undefined) {
    tries.delete(id);
    asked.delete(id);
    return;
  }
  if (!mine) return void tries.set(id, { count: tries.get(id)?.count ?? -1, next: performance.now() + lookEvery });
  const count = (tries.get(id)?.count ?? -1) + 1;
  const wait = entry.reason === null ? 0 : Math.max(waits[Math.min(count, waits.length - 1)] ?? 0, askedWait(id) * 1000);
  tries.set(id, { count, next: performance.now() + wait });
}

/** Sends for a conversation that is not on screen. */
async function post(entry: Unsent): Promise<void> {
  try {
    const sessionId = await postMessage(entry.sessionId === null ? entry : { ...entry, choice: choiceOf({ sessionId: entry.sessionId, chat: { id: entry.chatId } }) });
    acknowledged(entry.id, sessionId);
    void refreshSessions();
    const { conversation } = useConversation.getState();
    if (conversation.sessionId === sessionId) void conversation.catchUp();
  } catch (error) {
    notSent(entry.id, error);
  }
}

/**
 * Another tab may be sending it, or have sent it. False if it is. The writer's request overrides that, in case a tab hangs: the server stores a
 * message only once in any case. That also helps where there are no locks, without a secure context.
 */
async function oneTab(entry: Unsent, work: () => Promise<void>): Promise<boolean> {
  const alone = async (): Promise<boolean> => {
    if (entry.fleeting !== true && (await isKept(outboxPlace(entry))) === false) discard(entry.id);
    else await work();
    return true;
  };
  return holding(entry, () => alone(), () => (asked.has(entry.id) ? alone() : Promise.resolve(false)));
}

/** Does `work` if no other tab is sending this message, otherwise `elsewhere`. */
async function holding<T>(entry: Unsent, work: () => Promise<T>, elsewhere: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return (await navigator.locks.request(`lamplight.${outboxPlace(entry)}`, { ifAvailable: true }, (lock) => (lock === null ? elsewhere() : work()))) as T;
}

function mark(id: string, on: boolean): void {
  useDelivery.setState(({ underWay }) => {
    const next = new Set(underWay);
    if (on) next.add(id);
    else next.delete(id);
    return { underWay: next };
  });
}
