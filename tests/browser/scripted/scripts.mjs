// The fake model's replies for tests of the page. A question contains the mark of its script (support/model.mjs).
import { chunk, DONE } from '../../support/model.mjs';

const usage = (read, written) => chunk(null, null, { choices: [], usage: { prompt_tokens: read, completion_tokens: written, total_tokens: read + written } });
const ends = (reason = 'stop') => [{ send: chunk({}, reason) }, { send: usage(12, 30) }, { send: DONE }];
const deltas = (texts, member = 'content') => texts.map((text) => ({ send: chunk({ [member]: text }) }));

/** Says everything at once. */
export const says = (...texts) => ({ steps: [...deltas(texts), ...ends()] });

/** Waits at the gate "1" after the first text, at "2" after the second, and so on. */
export const saysSlowly = (...texts) => ({
  steps: [...deltas(texts).flatMap((step, index) => [step, { gate: String(index + 1) }]), ...ends()],
});

/** Thinks; waits at the gate "thought"; then says the rest. */
export const thinks = (thought, ...texts) => ({
  steps: [...deltas([thought], 'reasoning_content'), { gate: 'thought' }, ...deltas(texts), ...ends()],
});

/** Says something, then the connection ends. */
export const breaksOff = (...texts) => ({ steps: [...deltas(texts), { end: 'eof' }] });

/** Ends because the reply has reached its maximum length. */
export const isCut = (...texts) => ({ steps: [...deltas(texts), ...ends('length')] });

let calls = 0;

/** Calls tools, each given as [name, arguments]. */
export const callsTo = (...list) => ({
  steps: [
    ...list.map(([name, args], index) => ({
      send: chunk({ tool_calls: [{ index, id: `call_${++calls}`, type: 'function', function: { name, arguments: JSON.stringify(args) } }] }),
    })),
    ...ends('tool_calls'),
  ],
});

/** Refuses with this status. */
export const refuses = (status) => ({ status, headers: { 'content-type': 'application/json' }, steps: [{ send: '{"error":{"message":"SECRET of the provider"}}' }] });
