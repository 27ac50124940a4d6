/**
 * What a conversation is doing: one thing at a time. To load and to look give way to whatever is asked for; nothing else is begun before a reply
 * has ended.
 */
import type { Message } from '../api/messages';

/** A message that the server does not have yet, and what was on screen before it. */
export interface Sending {
  id: string;
  before: Message[];
}

/** What a request is for: a reply, the rest of the last one, or only to see whether one runs. */
export type Purpose = 'reply' | 'continuation' | 'look';

export type Activity =
  /** The messages are being read, or could not be. */
  | { kind: 'loading' }
  | { kind: 'unreadable'; problem: unknown }
  /** The server has no such chat for this user. `deleted`: it was on screen, and was deleted in another tab or on another device. */
  | { kind: 'missing'; deleted: boolean }
  | { kind: 'idle' }
  /** The server is asked whether a reply runs. `awaited`: the last question has none, so one should. */
  | { kind: 'looking'; awaited: boolean }
  /** What a message follows is being read. */
  | { kind: 'preparing'; message: Sending }
  /** A reply has been asked for, and the server has not answered. */
  | { kind: 'asking'; message: Sending | null }
  /** A reply comes in. */
  | { kind: 'replying' }
  /** The connection was lost in a reply that is being taken up again. `away`: the first try was not enough. */
  | { kind: 'reconnecting'; away: boolean }
  /** The last request has failed. */
  | { kind: 'failed'; purpose: Purpose; error: Error };

/** A reply is awaited, comes in, or is being taken up again: the reader can stop it, and not ask for another. */
export function isBusy(activity: Activity): boolean {
  switch (activity.kind) {
    case 'asking':
    case 'replying':
    case 'reconnecting':
      return true;
    case 'looking':
      return activity.awaited;
    default:
      return false;
  }
}

/** The messages have been read. */
export function isOpen({ kind }: Activity): boolean {
  return kind !== 'loading' && kind !== 'unreadable' && kind !== 'missing';
}

/** The next message can go. */
export function isFree(activity: Activity): boolean {
  return activity.kind === 'idle' || (activity.kind === 'looking' && !activity.awaited);
}

/** The message that the server does not have yet. */
export function unsentIn(activity: Activity): Sending | null {
  return activity.kind === 'preparing' || activity.kind === 'asking' ? activity.message : null;
}
