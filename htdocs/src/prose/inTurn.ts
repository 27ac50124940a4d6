/**
 * Hands out what many parts of the page wait for one after another, so that drawing them is not one long task: between two of them the page responds
 * to its reader. Parts that came into sight earlier go first; of those that came together, the last goes first, because a conversation is read from
 * its end.
 */
import { flushSync } from 'react-dom';

/** Each group contains the parts that came in the same task. */
const groups: (() => void)[][] = [];
let open = false;
let running = false;

export function inTurn(take: () => void): void {
  if (!open) {
    groups.push([]);
    open = true;
    queueMicrotask(() => {
      open = false;
      if (!running) next();
    });
  }
  groups.at(-1)?.push(take);
}

const { port1, port2 } = new MessageChannel();
port1.onmessage = (): void => {
  const take = groups[0]?.pop();
  if (groups[0]?.length === 0) groups.shift();
  try {
    // Drawn in this task, not in one task with the next.
    if (take !== undefined) flushSync(take);
  } catch (error) {
    console.error(error);
  }
  next();
};

function next(): void {
  running = groups.length > 0;
  if (running) port2.postMessage(null);
}
