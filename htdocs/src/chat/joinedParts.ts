import type { Message } from '../api/messages';

type Part = Message['parts'][number];

/**
 * The parts as a reader takes them. A reply that went on where it had ended is stored as two texts with nothing but the
 * start of a step between them, and the end may be in the middle of a word: what is read is one text. Texts with
 * anything else between them stay apart, and so do those of one step, which the model itself has set apart.
 */
export function joinedParts(parts: Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const started = joined.findLastIndex(({ type }) => type !== 'step-start');
    const before = joined[started];
    if (part.type === 'text' && before?.type === 'text' && started < joined.length - 1) {
      joined.splice(started, Infinity, { ...part, text: before.text + part.text });
    } else {
      joined.push(part);
    }
  }
  return joined;
}
