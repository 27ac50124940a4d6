import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import type { FileUIPart } from 'ai';
import type { Message } from '../api/messages';
import { readModels, type Model } from '../api/models';
import type { Session } from '../api/sessions';
import { joinedParts } from '../chat/joinedParts';
import { metadataOf } from '../chat/metadata';
import { textIn } from '../chat/textFile';
import { nameOfMaker } from '../text/modelNames';
import { nameOf, seenIn } from '../text/seen';

type Part = Message['parts'][number];

/** `instructions`: the user's own for this chat, or none; `models`: those with known names. */
export function toMarkdown(session: Session, messages: Message[], instructions = '', models: readonly Model[] = []): string {
  return `${[headOf(session, instructions), ...messages.flatMap((message) => blocksOf(message, models))].join('\n\n')}\n`;
}

export function headOf({ title }: Session, instructions = ''): string {
  const own = instructions === '' ? '' : `\n\n${quoted(`**${t`Instructions`}**\n\n${instructions}`)}`;
  return `# ${title || t`Untitled`}${own}`;
}

/** The display names of models; if the list cannot be read, replies have the providers' names. */
export async function namedModels(): Promise<Model[]> {
  return readModels().then(({ models }) => models, () => []);
}

/** A message, as blocks separated by blank lines. */
export function blocksOf(message: Message, models: readonly Model[]): string[] {
  return [headingOf(message, models), ...joinedParts(message.parts).flatMap(partOf)];
}

function headingOf(message: Message, models: readonly Model[]): string {
  const { role } = message;
  const metadata = metadataOf(message);
  const { createTime } = metadata;
  const time = createTime === undefined ? '' : new Date(createTime).toLocaleString(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' });
  const details = [role === 'assistant' ? nameOfMaker(metadata, models) : undefined, time].filter(Boolean).join(', ');
  const who = role === 'user' ? t`You` : t`Reply`;
  return details === '' ? `## ${who}` : `## ${who} (${details})`;
}

/** Steps and data parts are of no use to a reader. */
function partOf(part: Part): string[] {
  if (part.type === 'text') return part.text === '' ? [] : [part.text];
  if (part.type === 'reasoning') return part.text === '' ? [] : [quoted(`**${t`Reasoning`}**\n\n${part.text}`)];
  if (part.type === 'file') return fileOf(part);
  if (part.type === 'source-url') return [`[${seenIn(part.title ?? '') || part.url}](<${part.url}>)`];
  if (part.type === 'dynamic-tool') return [toolCall(part.toolName, part)];
  if (part.type.startsWith('tool-')) return [toolCall(part.type.slice('tool-'.length), part)];
  return [];
}

/** A pasted text is treated like typed text. */
function fileOf(file: FileUIPart): string[] {
  const name = `*${t`File`}: ${nameOf(file)}*`;
  const text = textIn(file);
  return text === null ? [name] : [name, fenced(text)];
}

function toolCall(name: string, part: Part): string {
  const { input, output, errorText } = part as { input?: unknown; output?: unknown; errorText?: string };
  const blocks = [`**${t`Tool`}: ${name}**`];
  if (input !== undefined) blocks.push(fenced(input));
  if (output !== undefined) blocks.push(fenced(output));
  if (errorText !== undefined) blocks.push(fenced(errorText));
  return blocks.join('\n\n');
}

/** The content cannot end the block: the fence is longer than any inside it. */
function fenced(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${typeof value === 'string' ? '' : 'json'}\n${text}\n${fence}`;
}

function quoted(text: string): string {
  return text.replace(/^/gm, '> ');
}
