/** Properties of a list of messages, and how a list that was read again replaces the one on screen. */
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

/** The new list, in which every unchanged message is still the same object, so it is not drawn again. */
export function reuse(shown: Message[], fresh: Message[]): Message[] {
  const known = new Map(shown.map((message) => [message.id, message]));
  return fresh.map((message) => {
    const old = known.get(message.id);
    return old !== undefined && JSON.stringify([old.parts, old.metadata]) === JSON.stringify([message.parts, message.metadata]) ? old : message;
  });
}

/** Gives the last question this id. Its time is the beginning of its reply, by the server's clock, until it is read again. */
export function withNamedQuestion(messages: Message[], id: string): Message[] {
  const index = messages.findLastIndex(({ role }) => role === 'user');
  if (index < 0 || messages.some((message) => message.id === id)) return messages;
  const reply = messages[index + 1];
  const metadata = reply === undefined ? {} : { createTime: metadataOf(reply).createTime };
  return messages.map((message, n) => (n === index ? { ...message, id, metadata } : message));
}

/** The reply ended early, and not because its reader wanted that. */
export function isBroken(message: Message): boolean {
  const { status } = metadataOf(message);
  return status === 'interrupted' || status === 'error';
}

/** The reply has ended well but has no text at its end: nothing, or only reasoning and sources, even after tools. */
export function isEmpty(message: Message): boolean {
  const { status } = metadataOf(message);
  const lastStep = message.parts.slice(message.parts.findLastIndex(({ type }) => type === 'step-start') + 1);
  return (status === undefined || status === 'complete') && lastStep.every(answersNothing);
}

function answersNothing(part: Message['parts'][number]): boolean {
  if (part.type === 'text') return String(part.text ?? '').trim() === '';
  return part.type === 'reasoning' || part.type.startsWith('source-');
}

/** The messages before `first` in the list, if it is there. */
export function ahead(first: Message | undefined, messages: Message[]): Message[] {
  const index = messages.findIndex(({ id }) => id === first?.id);
  return messages.slice(0, Math.max(index, 0));
}

/** While a lost reply is replayed, it grows again from nothing. The reader keeps seeing the old text until the replay has caught up. */
export function notShorter(shown: Message | undefined, fresh: Message | undefined): Message | undefined {
  if (shown === undefined || fresh === undefined || shown.id !== fresh.id || shown.role !== 'assistant') return fresh;
  return sizeOf(fresh) < sizeOf(shown) ? shown : fresh;
}

/** The length of a reply so far. */
export function sizeOf(message: Message | undefined): number {
  return message?.parts.reduce((sum, part) => sum + 1 + ('text' in part ? part.text.length : 0), 0) ?? 0;
}

/** The model waits for the reader to answer a call, or to allow it. */
export function waitsForReader(message: Message | undefined): boolean {
  if (message?.role !== 'assistant') return false;
  return message.parts.some(
    (part) =>
      isToolUIPart(part) &&
      part.providerExecuted !== true &&
      (part.state === 'input-available' || part.state === 'approval-requested'),
  );
}

/** A reply whose model can be asked to continue it. */
export function canGoOn(message: Message): boolean {
  const { status, finishReason } = metadataOf(message);
  if (waitsForReader(message) || textOf(message) === '') return false;
  return status === 'interrupted' || status === 'stopped' || finishReason === 'length';
}
