// Conversations for measurements: replies of all kinds and lengths, as models write them.
import { randomUUID } from 'node:crypto';
import { call } from '../seed.mjs';

const paragraph =
  'A lamp is lit in the evening and carried from room to room. It does not know the house, it only shows what is **near**: ' +
  'the edge of a table, the spine of a book, a hand that holds it.';

const kinds = [
  (n) => `The short answer to question ${n} is *yes*.`,
  (n) => `## Answer ${n}\n\n${paragraph}\n\n${paragraph}\n\n- first \`thing\`\n- second thing\n  - with a detail\n- third thing`,
  (n) => `In C, for question ${n}:\n\n\`\`\`c\n${Array.from({ length: 14 }, (_, line) => `\tstep(${line}, "${n}");`).join('\n')}\n\`\`\`\n\n${paragraph}`,
  (n) => `${paragraph}\n\n| Planet | Day | Moons |\n|:---|---:|---:|\n| Earth | 24.0 h | 1 |\n| Mars | 24.7 h | 2 |\n| Number ${n} | ? | ? |`,
  (n) => `1. ${paragraph}\n2. ${paragraph}\n\n> Question ${n} was a good one.\n\n[More](https://example.org/${n})`,
];

const text = (value) => [{ type: 'text', text: value }];

/**
 * Creates a session with this many messages and a reply to its last question; resolves to its id. A new session accepts the
 * whole list.
 */
export async function storedSession(token, count) {
  const messages = Array.from({ length: count - 1 }, (_, n) =>
    n % 2 === 0
      ? { id: randomUUID(), role: 'user', parts: text(`Question ${n / 2}, please`) }
      : { id: randomUUID(), role: 'assistant', parts: text(kinds[(n >> 1) % kinds.length](n >> 1)) },
  );
  const response = await call('POST', 'ai/chat', token, { id: randomUUID(), messages, trigger: 'submit-message' });
  await response.text();
  return response.headers.get('x-session-id');
}

/** The value below which this share of all values lies. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (values) => percentile(values, 0.5);
