import type { Message } from '../api/messages';
import { isBroken } from './messages';

/** What a reply on screen is to its reader at this moment. */
export type ReplyState =
  /** It comes in. */
  | { kind: 'streaming' }
  /** Something follows it. `idle`: nothing runs, so another can be asked for. */
  | { kind: 'earlier'; idle: boolean }
  /** It is the last, and nothing runs. `problem`: what broke it, as the server has just told; `offers`: nothing else is wrong, so it can go on. */
  | { kind: 'last'; problem: string | null; offers: boolean };

/** The end of a conversation, on which the state of its replies depends. */
export interface End {
  /** The last message on screen; `whole`: nothing follows it at the server. */
  last: Message | undefined;
  whole: boolean;
  busy: boolean;
  /** What is wrong. */
  problem: string | null;
}

export function replyStateOf(message: Message, { last, whole, busy, problem }: End): ReplyState {
  if (message !== last || (!busy && !whole)) return { kind: 'earlier', idle: !busy };
  if (busy) return { kind: 'streaming' };
  const broken = isBroken(message);
  return { kind: 'last', problem: broken ? problem : null, offers: broken || problem === null };
}

/** What is wrong and not told by a reply that it has broken. */
export function problemAtEnd({ last, whole, busy, problem }: End): string | null {
  return last !== undefined && whole && !busy && isBroken(last) ? null : problem;
}

/** Another reply in its place can be asked for. */
export function isIdle(state: ReplyState): boolean {
  return state.kind === 'last' || (state.kind === 'earlier' && state.idle);
}
