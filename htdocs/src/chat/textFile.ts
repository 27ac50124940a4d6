/** Turns a text into a file of a message, and back. */
import type { FileUIPart } from 'ai';

const beginning = 'data:text/plain;base64,';
/** Nobody reads more than this in a form field. */
const readable = 400_000;

/** `taken`: names already in use. */
export function textFile(text: string, name: string, taken: readonly (string | undefined)[]): FileUIPart {
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  let filename = `${name}.txt`;
  for (let n = 2; taken.includes(filename); n++) filename = `${name} ${n}.txt`;
  return { type: 'file', mediaType: 'text/plain', filename, url: beginning + btoa(binary) };
}

export function isReadableText({ url }: FileUIPart): boolean {
  return url.startsWith(beginning) && url.length < readable;
}

/** Decoded as the server does it for the model: invalid UTF-8 is replaced. null if it is not text. */
export function textIn({ url }: FileUIPart): string | null {
  if (!url.startsWith(beginning)) return null;
  try {
    const bytes = Uint8Array.from(atob(url.slice(beginning.length)), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}
