/** What a list of messages says, and how a list read again replaces the one on screen. */
import { isToolUIPart, type FileUIPart } from 'ai';
import type { Message } from '../api/messages';
import { joinedParts } from './joinedParts';
import { metadataOf } from './metadata';

export function textOf(message: Message): string {
  return joinedParts(message.parts).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');
}

export function filesOf(message: Message): FileUIPart[] {
  return message.parts.filter((part) => part.type === 'file');
}

export function firstText(messages: Message[]): string {
  const first = messages.find(({ role }) => role === 'user');
  return first === undefined ? '' : textOf(first);
}

/** The fresh list, in which every message that has not changed is still the same object: it is not drawn again. */
export function reuse(shown: Message[], fresh: Message[]): Message[] {
  const known = new Map(shown.map((message) => [message.id, message]));
  return fresh.map((message) => {
    const old = known.get(message.id);
    return old !== undefined && JSON.stringify([old.parts, old.metadata]) === JSON.stringify([message.parts, message.metadata]) ? old : message;
  });
}

/** The last question has this id, and its time is that of its reply's beginning, by the server's clock, until it is read again. */
export function withNamedQuestion(messages: Message[], id: string): Message[] {
  const index = messages.findLastIndex(({ role }) => role === 'user');
  if (index < 0 || messages.some((message) => message.id === id)) return messages;
  const reply = messages[index + 1];
  const metadata = reply === undefined ? {} : { createTime: metadataOf(reply).createTime };
  return messages.map((message, n) => (n === index ? { ...message, id, metadata } : message));
}

/** The reply ended before it was whole, and not because its reader wanted that. */
export function isBroken(message: Message): boolean {
  const { status } = metadataOf(message);
  return status === 'interrupted' || status === 'error';
}

/** The reply has ended well, and there is no answer at its end: nothing, or thoughts and sources alone, be it after tools. */
export function isEmpty(message: Message): boolean {
  const { status } = metadataOf(message);
  const lastStep = message.parts.slice(message.parts.findLastIndex(({ type }) => type === 'step-start') + 1);
  return (status === undefined || status === 'complete') && lastStep.every(answersNothing);
}

function answersNothing(part: Message['parts'][number]): boolean {
  if (part.type === 'text') return String(part.text ?? '').trim() === '';
  return part.type === 'reasoning' || part.type.startsWith('source-');
}

/** The messages ahead of `first` in the list, when it is there. */
export function ahead(first: Message | undefined, messages: Message[]): Message[] {
  const index = messages.findIndex(({ id }) => id === first?.id);
  return messages.slice(0, Math.max(index, 0));
}

/**
 * While a lost reply is replayed it grows again from nothing. The reader goes on seeing what was there until
 * the replay has caught up.
 */
export function notShorter(shown: Message | undefined, fresh: Message | undefined): Message | undefined {
  if (shown === undefined || fresh === undefined || shown.id !== fresh.id || shown.role !== 'assistant') return fresh;
  return sizeOf(fresh) < sizeOf(shown) ? shown : fresh;
}

/** How much of a reply is there. */
export function sizeOf(message: Message | undefined): number {
  return message?.parts.reduce((sum, part) => sum + 1 + ('text' in part ? part.text.length : 0), 0) ?? 0;
}

/** The model waits for the reader: a call to answer, or to allow. */
export function waitsForReader(message: Message | undefined): boolean {
  if (message?.role !== 'assistant') return false;
  return message.parts.some(
    (part) =>
      isToolUIPart(part) &&
      part.providerExecuted !== true &&
      (part.state === 'input-available' || part.state === 'approval-requested'),
  );
}

/** A reply whose model can be asked to go on where it ended. */
export function canGoOn(message: Message): boolean {
  const { status, finishReason } = metadataOf(message);
  if (waitsForReader(message) || textOf(message) === '') return false;
  return status === 'interrupted' || status === 'stopped' || finishReason === 'length';
}
