/**
 * What a conversation is doing, one thing at a time. A request of the reader interrupts loading and looking; while a reply runs, nothing else begins.
 */
import type { Message } from '../api/messages';

/** A message that the server does not have yet, and what was on screen before it. */
export interface Sending {
  id: string;
  before: Message[];
}

/** The purpose of a request: a reply, the rest of the last one, or only to see whether one is running. */
export type Purpose = 'reply' | 'continuation' | 'look';

export type Activity =
  /** The messages are being read, or could not be read. */
  | { kind: 'loading' }
  | { kind: 'unreadable'; problem: unknown }
  /** The server has no such chat for this user. `deleted`: it was on screen, and was deleted in another tab or on another device. */
  | { kind: 'missing'; deleted: boolean }
  | { kind: 'idle' }
  /** The server is asked whether a reply is running. `awaited`: the last question has none, so one should be. */
  | { kind: 'looking'; awaited: boolean }
  /** The messages before the new one are being read. */
  | { kind: 'preparing'; message: Sending }
  /** A reply has been requested, and the server has not answered. */
  | { kind: 'asking'; message: Sending | null }
  /** A reply is being received. */
  | { kind: 'replying' }
  /** The connection was lost during a reply, and is being restored. `away`: the first attempt failed. */
  | { kind: 'reconnecting'; away: boolean }
  /** The last request has failed. */
  | { kind: 'failed'; purpose: Purpose; error: Error };

/** A reply is awaited, received, or resumed: the reader can stop it, but cannot ask for another. */
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

/** The next message can be sent. */
export function isFree(activity: Activity): boolean {
  return activity.kind === 'idle' || (activity.kind === 'looking' && !activity.awaited);
}

/** The message that the server does not have yet. */
export function unsentIn(activity: Activity): Sending | null {
  return activity.kind === 'preparing' || activity.kind === 'asking' ? activity.message : null;
}
