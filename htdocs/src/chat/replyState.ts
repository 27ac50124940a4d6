import type { Message } from '../api/messages';
import { isBroken } from './messages';

/** The present state of a reply on screen, for its reader. */
export type ReplyState =
  /** It is being received. */
  | { kind: 'streaming' }
  /** A message follows it. `idle`: nothing is running, so another reply can be requested. */
  | { kind: 'earlier'; idle: boolean }
  /**
   * It is the last one, and nothing is running. `problem`: why it broke, as the server has just said; `offers`: nothing else is wrong, so it can be
   * continued.
   */
  | { kind: 'last'; problem: string | null; offers: boolean };

/** The end of a conversation, on which the state of its replies depends. */
export interface End {
  /** The last message on screen; `whole`: nothing follows it on the server. */
  last: Message | undefined;
  whole: boolean;
  busy: boolean;
  /** What went wrong. */
  problem: string | null;
}

export function replyStateOf(message: Message, { last, whole, busy, problem }: End): ReplyState {
  if (message !== last || (!busy && !whole)) return { kind: 'earlier', idle: !busy };
  if (busy) return { kind: 'streaming' };
  const broken = isBroken(message);
  return { kind: 'last', problem: broken ? problem : null, offers: broken || problem === null };
}

/** The problem, unless the broken reply shows it itself. */
export function problemAtEnd({ last, whole, busy, problem }: End): string | null {
  return last !== undefined && whole && !busy && isBroken(last) ? null : problem;
}

/** Another reply can be requested in its place. */
export function isIdle(state: ReplyState): boolean {
  return state.kind === 'last' || (state.kind === 'earlier' && state.idle);
}
