/** Which files a message can contain, and how they become parts of it. */
import { t } from '@lingui/core/macro';
import type { FileUIPart } from 'ai';
import { nameOf } from '../text/seen';

/** The limit for all files of one message, in characters as sent. */
const messageLimit = 12 * 1024 * 1024;
/** Reserved for the rest of the request: the text, and the messages that it follows. */
const spare = 256 * 1024;

const images: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const sounds: Readonly<Record<string, string>> = {
  'audio/wav': 'audio/wav',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/mpeg': 'audio/mpeg',
  'audio/mp3': 'audio/mpeg',
};
const textTypes = /^(text\/|application\/(json|xml|x-sh|x-yaml|yaml|toml|javascript|typescript|sql)$)|\+(json|xml)$/;
const textNames =
  /(^|\/)(makefile|dockerfile)$|\.(txt|md|csv|tsv|log|json|jsonl|ya?ml|toml|ini|conf|xml|html?|css|[cm]?[jt]sx?|py|rb|go|rs|java|kt|swift|c|h|cc|cpp|hpp|cs|php|pl|lua|sh|sql|r|tex|diff|patch)$/i;

/** For the file dialog. */
export const acceptedFiles = [...images, ...Object.keys(sounds), 'application/pdf', 'text/*', '.md,.json,.csv,.c,.h,.py,.ts,.tsx,.js,.sh,.sql,.log,.yaml,.yml,.toml'].join(',');

/** The type under which a model can accept the file; null if it cannot. */
function sendableType(file: { name: string; type: string }): string | null {
  const type = file.type.replace(/;.*/, '').toLowerCase();
  if (images.has(type) || type === 'application/pdf') return type;
  if (sounds[type] !== undefined) return sounds[type];
  if (type === 'image/svg+xml' || textTypes.test(type) || (!/^(image|audio|video)\//.test(type) && textNames.test(file.name))) return 'text/plain';
  return null;
}

/** The size of a file in a request: base64 makes four characters of three bytes. */
function sentSize(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** How much the files of a message may take together, in characters as sent. */
export function roomFor(maxBodyBytes: number): number {
  return Math.min(messageLimit, maxBodyBytes - spare);
}

/** Why a file cannot be sent with the others, as one sentence; null when it can. */
export function refusal(file: File, taken: FileUIPart[], room: number): string | null {
  const name = nameOf({ filename: file.name, mediaType: file.type });
  if (sendableType(file) === null) return t`Can’t attach ${name}. Supported: images, PDF, text, WAV and MP3.`;
  if (file.size === 0) return t`${name} is empty.`;
  const used = taken.reduce((sum, { url }) => sum + url.length, 0);
  if (used + sentSize(file.size) <= room) return null;
  const limit = ((room * 3) / 4 / 1024 / 1024).toFixed(1);
  return t`${name} is too large. The files in one message can total ${limit} MB.`;
}

export async function asPart(file: File): Promise<FileUIPart> {
  const mediaType = sendableType(file) ?? 'application/octet-stream';
  const bytes = await readUrl(file);
  return { type: 'file', mediaType, filename: file.name, url: bytes.replace(/^data:[^,]*,/, `data:${mediaType};base64,`) };
}

function readUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error(file.name));
    reader.readAsDataURL(file);
  });
}
