import type { Message } from '../api/messages';

type Part = Message['parts'][number];

/**
 * Joins parts for the reader. A continued reply is stored as two texts with only the start of a step between them, and may have stopped in the middle
 * of a word, so they are read as one text. Texts with anything else between them stay separate, and so do texts within one step, which the model
 * itself has separated.
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
