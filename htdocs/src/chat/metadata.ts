import type { Message, MessageMetadata, Style, Usage } from '../api/messages';

type Status = NonNullable<MessageMetadata['status']>;

const statuses: readonly unknown[] = ['complete', 'stopped', 'interrupted', 'error'] satisfies Status[];

const styles: readonly unknown[] = ['shorter', 'longer', 'simpler'] satisfies Style[];

/** The metadata members that have the expected form; the others count as missing. */
export function metadataOf(message: Message): MessageMetadata {
  const { metadata } = message;
  const known: MessageMetadata = {};
  const createTime = textIn(metadata, 'createTime');
  const model = textIn(metadata, 'model');
  const status = memberOf(metadata, 'status');
  const finishReason = textIn(metadata, 'finishReason');
  const usage = usageIn(memberOf(metadata, 'usage'));
  const code = textIn(memberOf(metadata, 'error'), 'code');
  const context = memberOf(metadata, 'context');
  const leftOut = countIn(context, 'leftOut');
  const style = memberOf(metadata, 'style');
  const siblings = memberOf(metadata, 'siblings');
  if (createTime !== undefined && !Number.isNaN(Date.parse(createTime))) known.createTime = createTime;
  if (model !== undefined) known.model = model;
  const modelId = textIn(metadata, 'modelId');
  const fallbackFor = textIn(metadata, 'fallbackFor');
  const cost = countIn(metadata, 'cost');
  if (modelId !== undefined) known.modelId = modelId;
  if (fallbackFor !== undefined) known.fallbackFor = fallbackFor;
  if (cost !== undefined) known.cost = cost;
  if (statuses.includes(status)) known.status = status as Status;
  if (finishReason !== undefined) known.finishReason = finishReason;
  if (usage !== undefined) known.usage = usage;
  if (code !== undefined) known.error = { code };
  if (leftOut !== undefined) known.context = { tokens: countIn(context, 'tokens') ?? 0, limit: countIn(context, 'limit') ?? 0, leftOut };
  if (styles.includes(style)) known.style = style as Style;
  if (Array.isArray(siblings) && siblings.includes(message.id) && siblings.every((id) => typeof id === 'string')) known.siblings = siblings;
  const rating = memberOf(metadata, 'rating');
  const ratingComment = textIn(metadata, 'ratingComment');
  if (message.role === 'assistant' && (rating === 'up' || rating === 'down')) {
    known.rating = rating;
    if (ratingComment !== undefined) known.ratingComment = ratingComment;
  }
  return known;
}

function memberOf(value: unknown, name: string): unknown {
  return Reflect.get(Object(value), name);
}

function textIn(value: unknown, name: string): string | undefined {
  const text = memberOf(value, name);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function countIn(value: unknown, name: string): number | undefined {
  const count = memberOf(value, name);
  return typeof count === 'number' && count >= 0 ? count : undefined;
}

function usageIn(value: unknown): Usage | undefined {
  const usage: Usage = {};
  for (const name of ['inputTokens', 'outputTokens', 'totalTokens'] as const) {
    const count = countIn(value, name);
    if (count !== undefined) usage[name] = count;
  }
  return Object.keys(usage).length === 0 ? undefined : usage;
}
